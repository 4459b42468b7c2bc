"""The keys of `senders.<key>` with `provider: ses`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from linkproof.contract.options import SenderOptions
from linkproof.senders.ses.facts import Region


class Options(SenderOptions):
    """Amazon SES in one region of an account."""

    provider: Literal["ses"]
    region: Annotated[Region, Field(description="Where mail is sent; each region has a tracking server of its own.")]
