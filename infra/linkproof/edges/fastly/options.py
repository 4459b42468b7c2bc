"""The keys of `edges.<key>` with `provider: fastly`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.options import EdgeOptions, Text


class Options(EdgeOptions):
    """A service and a TLS subscription for each link."""

    provider: Literal["fastly"]
    authority: Annotated[
        Literal["certainly", "lets-encrypt", "globalsign"],
        Field(description="Who signs the certificates; Fastly's prices differ by it."),
    ] = "certainly"
    configuration: Annotated[
        Text | None,
        Field(description="Fastly's id of the TLS configuration; the account's default where nothing is said."),
    ] = None
