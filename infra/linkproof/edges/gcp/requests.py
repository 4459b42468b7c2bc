"""How many requests came to a load balancer, for a host's sender: Cloud Monitoring's `request_count`.

docs.cloud.google.com/monitoring/api/metrics_gcp_i_o, `loadbalancing.googleapis.com/https/request_count`: sampled every 60 seconds, to be seen up to 210 seconds
later, kept for six weeks. Its resource `https_lb_rule` says URL map and backend service, and no host: what comes for the host is counted together with
what comes for every other of the same sender, and with what reached no backend. So it is never too few, and often more than came for the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted, whole_parts
from linkproof.contract.state import Resource, State
from linkproof.edges.gcp.facts import VENDOR
from linkproof.edges.gcp.items import MAP_ENTRY, URL_MAP
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient

COUNTER: Final = "Cloud Monitoring's `request_count` of its load balancer (all links of its sender together)"
LATE_SECONDS: Final = 900
_PART_SECONDS = 300
_METRIC = "loadbalancing.googleapis.com/https/request_count"
_BACKEND = "backend_target_name"
# A changed map reaches Google's front ends minutes later, and until then they send a host's requests where it was before.
_SPREAD: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a URL map tells apart.

    Args:
        name: at Google.
        elsewhere: backend services that certainly got nothing of the host's.
        together: hosts whose requests cannot be told from the host's.
    """

    name: str
    elsewhere: frozenset[str]
    together: frozenset[str]


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """Of the load balancer that answers for the host, without what it sent to other senders; None where the state has none.

    Raises:
        LinkproofError: Google cannot be asked, refuses, or says that the answer may be incomplete.
    """
    held = (*state.resources, *state.leaving)
    accounts = {one.account or "default" for one in held if one.type == MAP_ENTRY and one.name == host}
    if len(accounts) != 1:
        return None
    (account,) = accounts
    maps = [one for one in held if one.type == URL_MAP and (one.account or "default") == account]
    if len(maps) != 1:
        return None
    return list(_of(client(VENDOR, account), _told(maps[0], host, since), since, until))


def _told(url_map: Resource, host: str, since: datetime) -> _Told:
    """Hosts of other senders are told apart only where the map was the same all the time, at every front end.

    Raises:
        LinkproofError: the state does not say its name.
    """
    name = url_map.outputs.get("name") or url_map.inputs.get("name")
    if not name:
        raise LinkproofError(
            f"the state does not say the name of URL map {url_map.name}", "`pulumi up --refresh`, then run this again"
        )
    backends = {
        str(one.get("name")): str(one.get("defaultService")).rpartition("/")[2]
        for one in url_map.inputs.get("pathMatchers") or ()
    }
    by_host = {
        str(each): backends.get(str(rule.get("pathMatcher")), "")
        for rule in url_map.inputs.get("hostRules") or ()
        for each in rule.get("hosts") or ()
    }
    mine, changed = by_host.get(host), url_map.modified
    if not mine or changed is None or datetime.fromisoformat(changed) >= since - _SPREAD:
        return _Told(str(name), frozenset(), frozenset(by_host))
    together = frozenset(each for each, backend in by_host.items() if backend in (mine, ""))
    return _Told(str(name), frozenset(by_host.values()) - {mine, ""}, together)


def _of(client: GcpClient, told: _Told, since: datetime, until: datetime) -> Iterator[Counted]:
    first, last = whole_parts(since, until, _PART_SECONDS)
    asked = {
        "filter": f'metric.type = "{_METRIC}" AND resource.type = "https_lb_rule" AND resource.label.url_map_name = "{told.name}"',
        "interval.startTime": _text(first),
        "interval.endTime": _text(last),
        "aggregation.alignmentPeriod": f"{_PART_SECONDS}s",
        "aggregation.perSeriesAligner": "ALIGN_SUM",
        "aggregation.crossSeriesReducer": "REDUCE_SUM",
        "aggregation.groupByFields": f"resource.label.{_BACKEND}",
        "view": "FULL",
    }
    url = f"{client.monitoring}projects/{client.project}/timeSeries"
    for page in client.pages(url, asked):
        if page.get("executionErrors"):
            raise LinkproofError(
                f"Cloud Monitoring's answer about URL map {told.name} may be incomplete: {page['executionErrors'][0].get('message')}",
                "run this again; until then the grace decides",
            )
        try:
            rows = list(_rows(page))
        except (KeyError, TypeError, ValueError) as error:
            raise LinkproofError(
                f"Cloud Monitoring's answer about URL map {told.name} is in no form of its own: {_BACKEND} and parts of five minutes were asked for",
                "the grace decides; see whether the account's monitoringCustomEndpoint is right",
            ) from error
        for backend, ends, requests in rows:
            if requests and backend not in told.elsewhere:
                begins = ends - timedelta(seconds=_PART_SECONDS)
                yield Counted(begins, _PART_SECONDS, requests, told.together)


def _rows(page: Mapping[str, Any]) -> Iterator[tuple[str, datetime, int]]:
    """Raises:
    KeyError, TypeError, ValueError: it is an answer to another question.
    """
    for series in page.get("timeSeries") or ():
        backend = str(series["resource"]["labels"][_BACKEND])
        for point in series["points"]:
            ends = datetime.fromisoformat(point["interval"]["endTime"])
            if ends.tzinfo is None:
                raise ValueError(ends)
            yield backend, ends, int(point["value"]["int64Value"])


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
