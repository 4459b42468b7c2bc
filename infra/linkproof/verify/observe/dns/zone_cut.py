"""A zone as its parent delegates it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Reply, ResourceRecord
    from linkproof.verify.observations.vantage import ServerAddress, Vantage

# A hostile delegation names hundreds of servers to make us ask for each (NXNSAttack); real ones have 13 at most.
MAX_SERVERS = 26
MAX_ADDRESSES_OF_A_SERVER = 8


@dataclass(frozen=True, slots=True)
class ZoneCut:
    """A zone as its parent delegates it.

    Args:
        unresolved: `(server name, reason, whether the absence is certain)`.
        unasked: names of servers whose addresses were not looked for, since others were enough.
    """

    name: str
    parent: str
    parent_vantage: Vantage | None
    parent_servers: tuple[str, ...]
    glue: tuple[ServerAddress, ...]
    servers: tuple[ServerAddress, ...]
    unresolved: tuple[tuple[str, str, bool], ...] = ()
    unasked: tuple[str, ...] = ()


def ns_names(answer: Reply, zone: str) -> tuple[str, ...]:
    records: tuple[ResourceRecord, ...] = answer.answer + answer.authority
    names = {record.value for record in records if record.type == "NS" and record.name == zone}
    return tuple(sorted(names))[:MAX_SERVERS] if names else ()
