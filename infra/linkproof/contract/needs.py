"""What a sender needs of whatever stands between it and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class EdgeNeeds:
    """What must reach the sender unchanged, so that a click is counted and led on.

    Args:
        origin: the host that the edge forwards to.
        headers: request headers that must arrive as the viewer sent them.
        query_strings: the token of a click is in there.
        cookies: never forwarded: they are the customer's, and SES refuses requests over 8,192 octets.
        methods: what viewers may use.
        forwarded_host: whether `X-Forwarded-Host` must say the click host, in place of whatever a viewer sends there:
            `for-host` where the edge does not forward Host, `always` beside it too.
        cache_seconds: how long an answer may be kept, and should where the edge can: a scanner's second look is then no second click.
    """

    origin: str
    headers: tuple[str, ...]
    query_strings: Literal["all", "none"]
    cookies: Literal["all", "none"]
    methods: tuple[str, ...]
    forwarded_host: Literal["no", "for-host", "always"] = "no"
    cache_seconds: int = 0
