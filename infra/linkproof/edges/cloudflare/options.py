"""The keys of `edges.<key>` with `provider: cloudflare`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """The proxy of the zone that holds the click host."""

    provider: Literal["cloudflare"]
    rulesets: Literal["ours", "external"] = "ours"
    """`external`: someone else owns the zone's rulesets; the rules are printed and verified."""
