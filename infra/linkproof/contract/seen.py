"""What was seen of zones, records and edges that exist: the values that `discover.py` and `terraform.py` of a plug-in give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from linkproof.contract.declared import DEFAULT_ACCOUNT

BY_HAND = "manual"
# What a zone may hold that matters here: a name that leads to another name.
LEADING_TYPES = frozenset({"CNAME", "A", "AAAA"})
FAMILY_OF = {"A": 4, "AAAA": 6}


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """A name that leads to another one.

    Args:
        name: as on the wire, lower case, without trailing dot.
        target: likewise, where it leads.
        ttl_seconds: as written; None where the host sets it.
        is_alias: addresses of the target stand under the name, in place of a CNAME.
        is_proxied: its DNS host's own proxy answers.
        doubt: why this may not be all that the name says; empty where it is.
        zone_id: of the zone that it is in, where its source does not name the zone.
        families: of the addresses that an alias stands for; empty where its source does not say.
    """

    name: str
    target: str
    ttl_seconds: int | None = None
    is_alias: bool = False
    is_proxied: bool = False
    doubt: str = ""
    zone_id: str = ""
    families: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class SeenZone:
    """A zone and those of its records that lead somewhere.

    Args:
        name: as on the wire; empty where a source knows its id alone.
        dns: the plug-in that serves it; `manual` where the source does not say who does.
        id: at its DNS host; empty where that is not known.
        source: where it was seen, for people.
        doubt: why its DNS host may not be who serves it; empty where it is.
    """

    name: str
    source: str
    dns: str = BY_HAND
    id: str = ""
    account: str = DEFAULT_ACCOUNT
    records: tuple[SeenRecord, ...] = ()
    doubt: str = ""

    def with_records(self, records: Iterable[SeenRecord]) -> SeenZone:
        return replace(self, records=tuple(records))


@dataclass(frozen=True, slots=True)
class SeenEdge:
    """What an edge does for some hosts.

    Args:
        provider: the plug-in.
        target: the name that hosts point at.
        hosts: that it answers for.
        origins: that it forwards to.
    """

    provider: str
    target: str
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class SeenBrand:
    """A link as its sender's account has it.

    Args:
        sender: the plug-in.
        host: the click host, lower case, without trailing dot.
        owner_host: likewise; empty where it has none.
        region: of the account; empty where that is not said.
        is_legacy: it is of the kind that has one record.
        notes: what else a person should know.
        refused: why it cannot be written as it is; empty where it can.
    """

    sender: str
    host: str
    source: str
    owner_host: str = ""
    region: str = ""
    is_legacy: bool = False
    notes: tuple[str, ...] = ()
    refused: str = ""


class DnsDiscover(Protocol):
    """`discover.py` of a DNS host: reads, and never writes."""

    def zones(self, client: Any, account: str, names: frozenset[str]) -> Iterator[SeenZone]:
        """Its public zones with what leads somewhere.

        Args:
            client: of the account.
            names: of zones; empty for all.

        Raises:
            LinkproofError: the API refused, cannot be reached, or answers what cannot be understood.
        """


class SenderDiscover(Protocol):
    """`discover.py` of a sender: reads, and never writes.

    Attributes:
        HAS_OWNER_HOSTS: whether its links have a second record, at a host of the account's.
    """

    HAS_OWNER_HOSTS: bool

    def is_owner_host(self, name: str) -> bool:
        """Whether a name that leads to the sender is an owner host, and so no click host."""

    def answer(self, client: Any) -> Any:
        """What the API answers of the account's links; only read.

        Raises:
            LinkproofError: the API refused, or cannot be reached.
        """

    def brands(self, answer: Any, source: str) -> Iterator[SeenBrand]:
        """The links of such an answer, asked now or saved before.

        Raises:
            ValueError: it is no such answer.
        """


TerraformReader = Callable[[Mapping[str, Any], str], "SeenZone | SeenRecord | SeenEdge | None"]
"""From a resource's values and its address; None where it says nothing here.

Raises:
    ValueError: the values are not what the provider writes.
"""


class TerraformReaders(Protocol):
    """`terraform.py`.

    Attributes:
        READERS: by resource type.
    """

    READERS: Mapping[str, TerraformReader]
