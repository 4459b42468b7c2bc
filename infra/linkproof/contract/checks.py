"""What is proved outside beside the records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from linkproof.canaries import Canary
from linkproof.contract.declared import UniversalLinks
from linkproof.contract.values import Value
from linkproof.renewal import Renewal

# Three weeks: what renews itself has done so long before.
RENEWS_ITSELF: Final = Renewal(21)
Presence = Literal["required", "optional", "off"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One place where a click or an event must be answered.

    Args:
        connect: where to connect in place of resolving the host; probes an edge before DNS moves.
        http: whether port 80 must answer.
        https: whether port 443 must answer with a valid certificate; `awaited`: its certificate is still to come.
        families: of the addresses that must answer; others are looked at and never required.
        nonce: what the edge's answers must carry, where the edge can be told to; None where it cannot.
        universal_links: the files for apps that must be served.
        canaries: real links to follow, so that the whole way is seen.
        renewal: when its certificate is to be renewed.
        standby: no click is led here: it is kept ready beside the edge that they are led to.
        in_use: mail with this host was sent, or may be, so the sender's writing of it can be judged.
    """

    kind: ClassVar[str] = "endpoint"

    id: str
    path: str
    host: str
    sender: str
    phase: str | None
    edge: str | None = None
    connect: Value | None = None
    http: Presence = "required"
    https: Presence | Literal["awaited"] = "required"
    renewal: Renewal = RENEWS_ITSELF
    standby: bool = False
    in_use: bool = True
    families: tuple[int, ...] = (4,)
    nonce: str | None = None
    hsts_parents: tuple[str, ...] = ()
    universal_links: UniversalLinks | None = None
    canaries: tuple[Canary, ...] = ()


@dataclass(frozen=True, slots=True)
class CaaNeed:
    """The host's CAA must let one of these certification authorities issue (RFC 8659).

    Args:
        methods: how the edge lets them validate the host, in the labels of RFC 8657 §4; one of them must be allowed.
    """

    kind: ClassVar[str] = "CAA need"

    id: str
    path: str
    host: str
    cas: tuple[str, ...]
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Something that nobody outside can be asked about in this phase, whatever is done; the reason in plain words."""

    kind: ClassVar[str] = "pending"

    id: str
    reason: str


Check = Endpoint | CaaNeed | Pending
