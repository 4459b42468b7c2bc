"""The keys of `edges.<key>` with `provider: cloudflare`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """The proxy of the zone that holds the click host."""

    provider: Literal["cloudflare"]
    rulesets: Annotated[
        Literal["ours", "external"],
        Field(description="`external`: someone else owns the zone's rulesets; the rules are printed and verified."),
    ] = "ours"
