"""The keys of `zones.<name>` with `dns: azure`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A public zone of Azure DNS."""

    dns: Literal["azure"]
