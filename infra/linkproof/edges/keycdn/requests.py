"""How many requests came to a zone: KeyCDN's status statistics, by the hour.

www.keycdn.com/api, "Status Statistics": `GET /reports/statestats.json` with `zone_id`, `start`, `end` (seconds since 1970) and `interval`. A row says a
request twice: by the cache (`totalcachehit`, `totalcachemiss`), and by its status (`totalsuccess`, `totalerror`, and one more for each of 3xx and 5xx
since 2020). Nothing says that either has them all, so the larger counts. A zone here is of one click host; its own name is in the number as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted, whole_parts
from linkproof.contract.state import State
from linkproof.edges.keycdn.facts import VENDOR
from linkproof.edges.keycdn.items import ZONE
from linkproof.errors import LinkproofError
from linkproof.json_api import WaitingHere

if TYPE_CHECKING:
    from linkproof.edges.keycdn.api import KeyCdnApi

COUNTER: Final = "KeyCDN's status statistics of its zone"
# KeyCDN states no delay.
LATE_SECONDS: Final = 7200
_HOUR_SECONDS = 3600
_PATIENCE_SECONDS = 60.0
_BY_CACHE = frozenset({"totalcachehit", "totalcachemiss"})
_WHEN = "timestamp"


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """Of every zone that the state has for the host, leaving ones as well; None where it has none.

    Raises:
        LinkproofError: the API cannot be asked, refuses, or answers in no form of its own.
    """
    zones = [one for one in (*state.resources, *state.leaving) if one.name == host and one.type == ZONE and one.id]
    if not zones:
        return None
    return [part for one in zones for part in _of(client(VENDOR, one.account or "default"), str(one.id), since, until)]


def _of(api: KeyCdnApi, zone: str, since: datetime, until: datetime) -> Iterator[Counted]:
    first, last = whole_parts(since, until, _HOUR_SECONDS)
    asked = {"zone_id": zone, "start": _text(first), "end": _text(last), "interval": "hour"}
    found = api.call("GET", "reports/statestats", WaitingHere(_PATIENCE_SECONDS), query=asked).get("stats")
    try:
        rows = list(_rows(found))
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise LinkproofError(
            f"KeyCDN's status statistics of zone {zone} are in no form of their own",
            "the grace decides; see whether the account's baseUrl is right",
        ) from error
    for at, requests in rows:
        begins = whole_parts(at, at, _HOUR_SECONDS)[0]
        if requests and first <= begins < last:
            yield Counted(begins, _HOUR_SECONDS, requests)


def _rows(found: Any) -> Iterator[tuple[datetime, int]]:
    """Raises:
    KeyError, TypeError, ValueError, OverflowError: these are no rows.
    """
    if not isinstance(found, list):
        raise TypeError(found)
    for row in found:
        yield datetime.fromtimestamp(int(row[_WHEN]), UTC), _requests(row)


def _requests(row: Mapping[str, Any]) -> int:
    """Raises:
    KeyError: it does not say how many.
    ValueError: what it says is no number.
    """
    by_cache = sum(int(row[name]) for name in _BY_CACHE)
    by_status = sum(int(value) for name, value in row.items() if name not in _BY_CACHE and name != _WHEN)
    return max(by_cache, by_status)


def _text(moment: datetime) -> str:
    return str(int(moment.timestamp()))
