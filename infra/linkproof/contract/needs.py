"""What a sender needs of whatever stands between it and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class OwnEdge:
    """The sender's own HTTPS: what `edge: managed` of one of its links stands for.

    Args:
        target: where the click host leads, without trailing dot.
        cas: the authorities that may sign for it, as CAA names them.
        methods: how they validate the host, in the labels of RFC 8657 §4; empty where that is not known.
        records: beside the click record and what every link of the sender has: first label, below which the click host stands, and
            type of each.
        secured_by: what makes the sender write https, as a clause.
        unproxied_because: why the host cannot have an edge that is a proxy of its DNS host; empty where it can.
        fixed_because: why a link that exists can neither take it up nor give it up; empty where it can, in phase branded.
    """

    target: str
    cas: tuple[str, ...]
    methods: tuple[str, ...] = ()
    records: tuple[tuple[str, Literal["CNAME", "TXT"]], ...] = ()
    secured_by: str = ""
    unproxied_because: str = ""
    fixed_because: str = ""


@dataclass(frozen=True, slots=True)
class EdgeNeeds:
    """What must reach the sender unchanged, so that a click is counted and led on.

    Args:
        origin: the host that the edge forwards to.
        headers: request headers that must arrive as the viewer sent them.
        query_strings: the token of a click is in there.
        cookies: never forwarded: they are the customer's, and SES refuses requests over 8,192 octets.
        methods: what viewers may use.
        own_edge: the sender's own HTTPS; None where it has none, or where that is not modelled.
        forwarded_host: whether `X-Forwarded-Host` must say the click host, in place of whatever a viewer sends there:
            `for-host` where the edge does not forward Host, `always` beside it too.
        cache_seconds: how long an answer may be kept, and should where the edge can: a scanner's second look is then no second click.
    """

    origin: str
    headers: tuple[str, ...]
    query_strings: Literal["all", "none"]
    cookies: Literal["all", "none"]
    methods: tuple[str, ...]
    own_edge: OwnEdge | None = None
    forwarded_host: Literal["no", "for-host", "always"] = "no"
    cache_seconds: int = 0
