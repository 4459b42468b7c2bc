"""One DNS answer, or what came in its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Vantage


@dataclass(slots=True, unsafe_hash=True)  # not frozen, as `Reply` is not: nobody changes one
class ResourceRecord:
    """One record of an answer: lower-case owner with the trailing dot, the value in the form that `canonical_value` gives."""

    name: str
    type: str
    ttl_seconds: int
    value: str


@dataclass(slots=True)  # not frozen: that would be a tenth of what a question costs
class Reply:
    """A DNS message that answers our question: id, question and source address were checked.

    Args:
        recursion_available: the RA flag, which no server that only holds zones sets.
        authentic: the AD flag.
        case_kept: whether the question came back octet by octet; it is sent in mixed case (draft-vixie-dnsext-dns0x20).
        edns_error: the code that refused EDNS, where the answer came only without it.
        lost_attempts: attempts that stayed without answer before this one.
        truncated: the TC flag: the rest comes by TCP.
        query_wire: the question as it went out; `wire` is the answer as it came.
    """

    name: str
    type: str
    vantage: Vantage
    rcode: str
    authoritative: bool
    answer: tuple[ResourceRecord, ...] = ()
    authority: tuple[ResourceRecord, ...] = ()
    additional: tuple[ResourceRecord, ...] = ()
    extended_errors: tuple[int, ...] = ()
    with_edns: bool = True
    ignored_packets: int = 0
    seconds: float = 0.0
    recursion_available: bool = False
    authentic: bool = False
    case_kept: bool = True
    edns_error: str = ""
    lost_attempts: int = 0
    truncated: bool = False
    query_wire: bytes = field(default=b"", repr=False, compare=False)
    wire: bytes = field(default=b"", repr=False, compare=False)

    def values(self, record_type: str) -> tuple[str, ...]:
        """The answer's values of one type at the name that was asked, in their order, duplicates and all."""
        name = self.name
        return tuple([record.value for record in self.answer if record.type == record_type and record.name == name])

    @property
    def soa_serial(self) -> int | None:
        for record in self.answer + self.authority:
            if record.type == "SOA":
                fields = record.value.split()
                if len(fields) > 2 and fields[2].isdigit():
                    return int(fields[2])
        return None

    @property
    def soa_refresh_seconds(self) -> int | None:
        for record in self.answer + self.authority:
            fields = record.value.split()
            if record.type == "SOA" and len(fields) > 3 and fields[3].isdigit():
                return int(fields[3])
        return None


@dataclass(frozen=True, slots=True)
class NoUsableReply:
    """No usable message came.

    Args:
        kind: `timeout`; `refused` (the port is closed); `unreachable` (no route or no permission from here);
            `tcp` (the answer was cut short and TCP failed); `malformed` (only packets that cannot be read came); `given-up` (it was not asked: it left too many others unanswered).
        detail: what the system said.
        malformed_packets: packets with our id that are no answer: garbage, or without the question.
    """

    name: str
    type: str
    vantage: Vantage
    kind: Literal["timeout", "refused", "unreachable", "tcp", "malformed", "given-up"]
    detail: str = ""
    ignored_packets: int = 0
    malformed_packets: int = 0


Answer = Reply | NoUsableReply
