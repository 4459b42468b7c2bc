"""The keys of `edges.<key>` with `provider: keycdn`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.options import EdgeOptions, Text


class Options(EdgeOptions):
    """A zone and its alias for each link."""

    provider: Literal["keycdn"]
    certificate: Annotated[
        Text | None,
        Field(description="Name of your own certificate in the account's `certificates`; it covers every click host."),
    ] = None
