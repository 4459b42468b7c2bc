"""How many requests came to an edge, by its vendor's own counter: `requests.py` of an edge's plug-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from linkproof.contract.guard import ClientOf
from linkproof.contract.state import State


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted in one part of the time.

    Args:
        begins: aware.
        seconds: how long the part is.
        requests: whoever sent them; over both schemes and of any method.
        hosts: whose requests are in that number as well, where the vendor cannot tell the host from them.
    """

    begins: datetime
    seconds: int
    requests: int
    hosts: frozenset[str] = frozenset()


def whole_parts(since: datetime, until: datetime, seconds: int) -> tuple[datetime, datetime]:
    """The same stretch in whole parts, both ends earlier by less than one: what is counted in a part is counted to the part's end.

    Args:
        since: aware, as `until`.
        seconds: how long a part is; parts begin at its multiples since 1970.
    """
    first, last = (datetime.fromtimestamp(int(one.timestamp()) // seconds * seconds, UTC) for one in (since, until))
    return first, last


class EdgeRequests(Protocol):
    """`requests.py`: of an edge whose vendor counts the requests of one click host: apart from others, or no fewer than it had.

    Attributes:
        COUNTER: what counts, for people.
        LATE_SECONDS: so much later the counter may still grow for a moment that is past.
    """

    COUNTER: str
    LATE_SECONDS: int

    def counted(
        self, host: str, state: State, since: datetime, until: datetime, client: ClientOf
    ) -> Sequence[Counted] | None:
        """Every part in which requests came to the host's edges; None where the counter cannot tell the host from others.

        Args:
            since: aware.
            client: from vendor and account.

        Raises:
            LinkproofError: the vendor cannot be asked, or does not let this be read.
        """
