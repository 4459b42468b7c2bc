"""What the servers of one zone said about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, Reply

if TYPE_CHECKING:
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import ServerAddress, Vantage


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
