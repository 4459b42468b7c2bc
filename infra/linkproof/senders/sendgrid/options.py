"""The keys of `senders.<key>` with `provider: sendgrid`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import SenderOptions


class Options(SenderOptions):
    """A SendGrid account, or a subuser."""

    provider: Literal["sendgrid"]
    region: Literal["us", "eu"] = "us"
    """Of the account; `eu` has targets of its own."""
