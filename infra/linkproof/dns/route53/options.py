"""The keys of `zones.<name>` with `dns: route53`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A zone at Amazon Route 53."""

    dns: Literal["route53"]
