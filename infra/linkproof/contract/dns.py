"""A DNS host's plug-in: who serves a zone, and how records come there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from linkproof.contract.facts import Facts


@dataclass(frozen=True, slots=True)
class ZoneId:
    """How the host tells its zones apart.

    Args:
        pattern: of the whole id, a regular expression.
        words: the same for people.
        where: to find it.
    """

    pattern: str
    words: str
    where: str


@dataclass(frozen=True, slots=True)
class AliasTarget:
    """What an alias record leads to: the DNS host answers with its addresses in place of a CNAME.

    Args:
        zone_id: of the hosted zone that the target's names are in.
        ttl_seconds: of the target's addresses, with which the alias is served.
    """

    zone_id: str
    ttl_seconds: int


class DnsFacts(Facts, Protocol):
    """`facts.py`.

    Attributes:
        ZONE_ID: None where zones have no id.
        PROPAGATION_SECONDS: after a change, how long its servers may still differ, by default.
        NEGATIVE_TTL_SECONDS: how long a resolver may keep a "no such name" of its zones, by default (RFC 2308).
        PROXY: the edge that its proxied records lead to; None where it proxies nothing.
        ALIASES: by edge, what an alias record here can lead to; empty where there are no such records.
        TTL_SECONDS: the shortest and longest that it accepts; None where it takes any.
    """

    ZONE_ID: ZoneId | None
    PROPAGATION_SECONDS: int
    NEGATIVE_TTL_SECONDS: int
    TTL_SECONDS: tuple[int, int] | None
    PROXY: str | None
    ALIASES: Mapping[str, AliasTarget]


class DnsPlan(Protocol):
    """`plan.py`: pure."""

    def served_ttl_seconds(self, ttl_seconds: int, *, proxied: bool) -> int:
        """As resolvers see the TTL that a record has here."""


@dataclass(frozen=True, slots=True)
class RecordSeen:
    """One side (inputs or outputs) of a record of the state.

    Args:
        values: fully qualified; empty while unknown.
        ttl_seconds: as resolvers see it; None where it is not said.
        zone_id: bare; None where it is not said.
        alias: addresses of the values are answered in place of a CNAME.
    """

    values: tuple[str, ...] = ()
    ttl_seconds: int | None = None
    proxied: bool = False
    zone_id: str | None = None
    alias: bool = False


class DnsState(Protocol):
    """`state.py`: what the engine's state says of its records. Absent where people write them.

    Attributes:
        RECORD_TYPE: the engine's.
    """

    RECORD_TYPE: str

    def read(self, properties: Mapping[str, Any]) -> RecordSeen: ...
