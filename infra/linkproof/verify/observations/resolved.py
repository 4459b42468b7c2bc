"""Where a name leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer, Reply, ResourceRecord


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
