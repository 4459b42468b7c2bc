"""The keys of `zones.<name>` with `dns: manual`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """People write the records."""

    dns: Literal["manual"]
