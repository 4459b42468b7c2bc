"""How many requests came to a service: Fastly's historical stats, by the minute.

www.fastly.com/documentation/reference/api/metrics-stats/historical-stats: `GET /stats/service/{id}` with `by=minute`; a minute is there two minutes after it
has ended, at the latest after a quarter of an hour, and for 35 days. A service here is of one click host.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted
from linkproof.contract.state import State
from linkproof.edges.fastly.facts import VENDOR
from linkproof.edges.fastly.items import SERVICE

COUNTER: Final = "Fastly's historical stats of its service"
LATE_SECONDS: Final = 900
_MINUTE_SECONDS = 60


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """Of every service that the state has for the host, leaving ones as well; None where it has none.

    Raises:
        LinkproofError: the API cannot be asked, or refuses.
    """
    services = [
        one for one in (*state.resources, *state.leaving) if one.name == host and one.type == SERVICE and one.id
    ]
    if not services:
        return None
    return [
        Counted(begins, _MINUTE_SECONDS, requests)
        for one in services
        for begins, requests in client(VENDOR, one.account or "default").requests_by_minute(str(one.id), since, until)
        if requests
    ]
