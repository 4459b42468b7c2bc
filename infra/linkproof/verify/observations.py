"""What a vantage answered, as plain values: the judge reads these and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Transport = Literal["udp", "tcp", "tls", "https", "http"]


@dataclass(frozen=True, slots=True)
class Vantage:
    """Who was asked and how.

    Args:
        kind: an authoritative server, a resolver or an edge.
        server: its name, or what the user wrote for a resolver.
        address: the address that was asked; empty when there was none to ask.
        transport: of the exchange.
    """

    kind: Literal["authoritative", "resolver", "edge"]
    server: str
    address: str
    transport: Transport

    @property
    def family(self) -> int:
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True, order=True)
class ServerAddress:
    """One address of one authoritative server."""

    server: str
    address: str

    @property
    def family(self) -> int:
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True)
class ResourceRecord:
    """One record of an answer: lower-case owner with the trailing dot, the value in the form that `canonical_value` gives."""

    name: str
    type: str
    ttl_seconds: int
    value: str


@dataclass(slots=True)  # the one value here that is not frozen: that would be a tenth of what a question costs
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
        return tuple(record.value for record in self.answer if record.type == record_type and record.name == self.name)

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
class NoReply:
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


Answer = Reply | NoReply


@dataclass(frozen=True, slots=True)
class Reachability:
    """Which addresses answered in this run, by transport: the control that makes a time-out a finding."""

    answered: frozenset[tuple[Transport, str]] = frozenset()

    def works_elsewhere(self, transport: Transport, family: int, besides: frozenset[str]) -> bool:
        """Whether the same family and transport reached any address outside `besides`."""
        return any(
            _way(how) == _way(transport) and (6 if ":" in address else 4) == family and address not in besides
            for how, address in self.answered
        )


def _way(transport: Transport) -> str:
    """What a firewall tells apart: DNS over UDP, DNS over TCP, and the web."""
    return transport if transport in {"udp", "tcp"} else "web"


@dataclass(frozen=True, slots=True)
class LaterEdns:
    """What became of questions with a version of EDNS that does not exist.

    Args:
        first: the answer to the first one.
        pairs: where that was lost, answers to version 1 and to version 0, of which it is the first.
    """

    first: Answer
    pairs: tuple[tuple[Answer, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class ZoneObservation:
    """One real zone: its delegation and what each of its servers says about it.

    Args:
        name: the apex, with the trailing dot.
        parent: the zone that delegates it; empty for the root.
        parent_vantage: which of the parent's servers gave the delegation.
        parent_servers: NS names in the parent.
        glue: addresses that the parent gave with the delegation.
        addresses: what each in-zone server name resolves to in the zone itself.
        unresolved: NS names without any address, with the reason; `(name, reason, is_definite)`.
        servers: every address to ask.
        soa: the answer to SOA at the apex.
        ns: the answer to NS at the apex.
        parents: the answer to NS at the apex of each of the parent's addresses.
        ds: the answer to DS, of the parent.
        tcp: SOA over TCP, where UDP worked.
        edns: pairs of answers with and without EDNS, where the first question was only answered without.
        keys: the answer to DNSKEY with its signatures, where the parent has DS.
        signed_soa: the answer to SOA with its signatures, where the parent has DS.
        denials: the answer for a name below the apex that nobody has.
        recursion: of a server that says it offers recursion, the answer to a question with RD for a name that nobody has anywhere.
        later_edns: the answer to SOA with EDNS version 1; where that was lost, also pairs of answers with version 1 and 0.
        aliases: NS names that are a CNAME, and where that leads.
    """

    name: str
    parent: str
    parent_vantage: Vantage | None
    parent_servers: tuple[str, ...]
    glue: tuple[ServerAddress, ...] = ()
    addresses: tuple[ServerAddress, ...] = ()
    unresolved: tuple[tuple[str, str, bool], ...] = ()
    servers: tuple[ServerAddress, ...] = ()
    soa: dict[ServerAddress, Answer] = field(default_factory=dict)
    ns: dict[ServerAddress, Answer] = field(default_factory=dict)
    parents: dict[ServerAddress, Answer] = field(default_factory=dict)
    ds: Answer | None = None
    tcp: dict[ServerAddress, Answer] = field(default_factory=dict)
    edns: dict[ServerAddress, tuple[tuple[Answer, Answer], ...]] = field(default_factory=dict)
    keys: dict[ServerAddress, Answer] = field(default_factory=dict)
    signed_soa: dict[ServerAddress, Answer] = field(default_factory=dict)
    denials: dict[ServerAddress, Answer] = field(default_factory=dict)
    recursion: dict[ServerAddress, Answer] = field(default_factory=dict)
    later_edns: dict[ServerAddress, LaterEdns] = field(default_factory=dict)
    aliases: dict[str, Resolved] = field(default_factory=dict)

    @property
    def is_signed(self) -> bool:
        """Whether the parent says so: only a DS makes validating resolvers look (RFC 4035 §5.2)."""
        return isinstance(self.ds, Reply) and bool(self.ds.values("DS"))

    @property
    def all_addresses(self) -> frozenset[str]:
        return frozenset(server.address for server in self.servers)

    @property
    def best_serial(self) -> int | None:
        """The newest serial any server gave, by RFC 1982 arithmetic."""
        best: int | None = None
        for answer in self.soa.values():
            serial = answer.soa_serial if isinstance(answer, Reply) else None
            if serial is not None and (best is None or is_older(best, serial)):
                best = serial
        return best


def is_older(first: int, second: int) -> bool:
    """Whether serial `first` comes before `second` (RFC 1982 §3.2)."""
    return first != second and (second - first) % 2**32 < 2**31


@dataclass(frozen=True, slots=True)
class Resolved:
    """The end of following a name through the authorities.

    Args:
        status: `found`; `missing` (NXDOMAIN or no record of the type); `loop`; `unknown` (nobody gave a usable answer).
        chain: every name on the way, the first one included.
        records: of the wanted type at the last name.
        last: the answer that decided.
        detail: for people.
        failing: where every server answered, and none of them with an answer about the name, one of these.
    """

    status: Literal["found", "missing", "loop", "unknown"]
    chain: tuple[str, ...]
    records: tuple[ResourceRecord, ...] = ()
    last: Answer | None = None
    detail: str = ""
    failing: Reply | None = None


@dataclass(frozen=True, slots=True)
class RecordAnswers:
    """What one server said about one record.

    Args:
        own: the record's type itself.
        address: the addresses beside it, where asked.
        denial: of an authoritative server that has no such record: the same again with DO, for the proof tells a missing name from a
            missing type (RFC 9824).
        unchecked: of a resolver that fails: the same again with CD.
        control: of a resolver whose answer is not authentic, or that refuses: the root, to see whether it validates or serves us at all.
        users: of a resolver: A, AAAA and HTTPS in the form in which programs ask, for it may keep a copy for each type and each form.
        repeats: of an authoritative server: further answers about the same record, which should all say the same.
        again: an answer and what came later to the same question, where the first one left a doubt.
    """

    own: Answer
    address: Answer | None = None
    denial: Answer | None = None
    unchecked: Answer | None = None
    control: Answer | None = None
    users: tuple[Answer, ...] = ()
    again: tuple[tuple[Answer, Answer], ...] = ()
    repeats: tuple[Answer, ...] = ()

    def last(self, first: Answer) -> Answer:
        """The latest answer to the question that got this one."""
        return next((later for earlier, later in self.again if earlier is first), first)


@dataclass(frozen=True, slots=True)
class RecordObservation:
    """Everything the authorities said about one record.

    Args:
        wildcard: the answer for a random name below it.
        target: where its CNAME leads.
        doubled: where the name is missing, the answer for the name with the zone appended once more.
    """

    zone: ZoneObservation
    answers: dict[ServerAddress, RecordAnswers]
    optional_servers: tuple[ServerAddress, ...] = ()
    wildcard: Answer | None = None
    target: Resolved | None = None
    doubled: Answer | None = None
