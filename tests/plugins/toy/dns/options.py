"""The keys of `zones.<name>` with `dns: toy`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A zone at the toy DNS host."""

    dns: Literal["toy"]
