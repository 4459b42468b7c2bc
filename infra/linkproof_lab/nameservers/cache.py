"""What the resolver remembers, for as long as it may (RFC 1035 §7.4, RFC 2308)."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

_ENTRIES_KEPT = 100_000
_NEGATIVE_SECONDS_AT_MOST = 10_800  # RFC 2308 §5: one to three hours

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Delegation:
    """Who serves a zone, as its parent says.

    Args:
        servers: their names; empty for the root, whose addresses come from the settings.
        glue: addresses that came with the referral, by server name.
    """

    zone: dns.name.Name
    servers: tuple[dns.name.Name, ...]
    glue: dict[dns.name.Name, list[str]]


@dataclass(frozen=True, slots=True)
class Negative:
    """That a name (NXDOMAIN) or a type at it (NOERROR) does not exist; the SOA says so."""

    rcode: dns.rcode.Rcode
    soa: dns.rrset.RRset


class Expiring(Generic[K, V]):
    """Values that are gone when their TTL is over."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._kept: dict[K, tuple[V, float, int]] = {}

    def put(self, key: K, value: V, ttl: int) -> None:
        if len(self._kept) >= _ENTRIES_KEPT:
            self._kept.clear()
        self._kept[key] = (value, self._clock(), ttl)

    def get(self, key: K) -> tuple[V, int] | None:
        """The value and the whole seconds that it has left."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        value, stored_at, ttl = kept
        age = self._clock() - stored_at
        if age >= ttl:
            del self._kept[key]
            return None
        return value, ttl - int(age)

    def clear(self) -> None:
        self._kept.clear()


class Cache:
    """Answers, negative answers and delegations.

    Args:
        clock: seconds; never goes back.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._answers: Expiring[tuple[dns.name.Name, int], dns.rrset.RRset] = Expiring(clock)
        self._negatives: Expiring[tuple[dns.name.Name, int], Negative] = Expiring(clock)
        self._delegations: Expiring[dns.name.Name, Delegation] = Expiring(clock)

    def put(self, rrset: dns.rrset.RRset) -> None:
        self._answers.put((rrset.name, rrset.rdtype), rrset, rrset.ttl)

    def get(self, name: dns.name.Name, rtype: int) -> dns.rrset.RRset | None:
        """A copy whose TTL is what is left of it."""
        hit = self._answers.get((name, rtype))
        return copied(hit[0], name, hit[1]) if hit else None

    def put_negative(self, name: dns.name.Name, rtype: int, negative: Negative) -> None:
        # NXDOMAIN is about the name and so about all its types (RFC 2308 §5)
        key_type = dns.rdatatype.NONE if negative.rcode == dns.rcode.NXDOMAIN else rtype
        minimum = negative.soa[0].minimum
        ttl = min(negative.soa.ttl, minimum, _NEGATIVE_SECONDS_AT_MOST)
        self._negatives.put((name, key_type), negative, ttl)

    def get_negative(self, name: dns.name.Name, rtype: int) -> Negative | None:
        """A copy whose SOA has as TTL what is left of the negative answer (RFC 2308 §5)."""
        hit = self._negatives.get((name, dns.rdatatype.NONE)) or self._negatives.get((name, rtype))
        return Negative(hit[0].rcode, copied(hit[0].soa, hit[0].soa.name, hit[1])) if hit else None

    def put_delegation(self, delegation: Delegation, ttl: int) -> None:
        self._delegations.put(delegation.zone, delegation, ttl)

    def deepest_delegation(self, name: dns.name.Name) -> Delegation | None:
        for depth in range(len(name.labels), 0, -1):
            hit = self._delegations.get(name.split(depth)[1])
            if hit:
                return hit[0]
        return None

    def flush(self) -> None:
        for part in (self._answers, self._negatives, self._delegations):
            part.clear()


def copied(rrset: dns.rrset.RRset, name: dns.name.Name, ttl: int) -> dns.rrset.RRset:
    """The same records under another spelling of their owner or with another TTL."""
    return dns.rrset.from_rdata_list(name, ttl, list(rrset))
