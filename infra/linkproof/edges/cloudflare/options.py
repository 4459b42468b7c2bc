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
    certificate: Annotated[
        Literal["universal", "yours"],
        Field(
            description="`yours`: a custom or advanced certificate of the zone covers the links; it is proved, never made nor deleted."
        ),
    ] = "universal"

    def own_certificate(self, host: str) -> str | None:
        """Cloudflare finds the zone's that covers a host by itself."""
        del host
        return "custom certificate of the zone" if self.certificate == "yours" else None
