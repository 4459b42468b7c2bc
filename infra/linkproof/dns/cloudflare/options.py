"""The keys of `zones.<name>` with `dns: cloudflare`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A zone at Cloudflare."""

    dns: Literal["cloudflare"]
