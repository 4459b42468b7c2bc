"""The keys of `senders.<key>` with `provider: sendgrid`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.options import SenderOptions


class Options(SenderOptions):
    """A SendGrid account, or a subuser."""

    provider: Literal["sendgrid"]
    region: Annotated[Literal["us", "eu"], Field(description="Of the account; `eu` has targets of its own.")] = "us"
