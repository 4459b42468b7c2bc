"""The keys of `senders.<key>` with `provider: sparkpost`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from linkproof.contract.options import SenderOptions

_HOST = r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$"


class Options(SenderOptions):
    """A SparkPost account."""

    provider: Literal["sparkpost"]
    region: Annotated[
        Literal["us", "eu", "enterprise"],
        Field(description="Of the account; `eu` has a target of its own, an enterprise account says its `target`."),
    ] = "us"
    target: Annotated[
        Annotated[str, StringConstraints(pattern=_HOST)] | None,
        Field(description="Of an enterprise account: its tracking endpoint, `<tenant>.et.e.sparkpost.com` as a rule."),
    ] = None
