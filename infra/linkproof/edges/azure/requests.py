"""How many requests came for a host: Front Door's own reports, which tell the domains of a profile apart.

learn.microsoft.com/rest/api/frontdoor/azurefrontdoorstandardpremium/log-analytics/get-log-analytics-metrics: `GET …/profiles/<profile>/getLogAnalyticsMetrics`
with `customDomains`. Azure Monitor's `RequestCount` has the dimension `Endpoint` alone, and an endpoint here is shared by all links of a resource group.

Reports are made from access logs, "normally with delay of within an hour and occasionally of up to a few hours", and kept for 90 days
(learn.microsoft.com/azure/frontdoor/standard-premium/how-to-reports). No log has to be switched on for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted, whole_parts
from linkproof.contract.state import State
from linkproof.edges.azure.facts import API_VERSION, VENDOR
from linkproof.edges.azure.items import DOMAIN
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.vendors.azure.client import AzureClient

COUNTER: Final = "Front Door's report of its domain"
# "Up to a few hours".
LATE_SECONDS: Final = 6 * 3600
_PART_SECONDS, _GRANULARITY, _METRIC = 300, "PT5M", "clientRequestCount"


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """Of every custom domain that the state has for the host, leaving ones as well; None where it has none.

    Raises:
        LinkproofError: Azure cannot be asked, refuses, or answers in no form of its own.
    """
    domains = [one for one in (*state.resources, *state.leaving) if one.name == host and one.type == DOMAIN and one.id]
    if not domains:
        return None
    return [
        part
        for one in domains
        for part in _of(client(VENDOR, one.account or "default"), str(one.id), host, since, until)
    ]


def _of(client: AzureClient, domain: str, host: str, since: datetime, until: datetime) -> Iterator[Counted]:
    first, last = whole_parts(since, until, _PART_SECONDS)
    profile = domain.partition("/customDomains/")[0]
    asked = (
        ("metrics", _METRIC),
        ("dateTimeBegin", _text(first)),
        ("dateTimeEnd", _text(last)),
        ("granularity", _GRANULARITY),
        ("customDomains", host),
        ("protocols", "http"),
        ("protocols", "https"),
    )
    document = client.ask(f"{profile}/getLogAnalyticsMetrics", API_VERSION, asked)
    try:
        rows = list(_rows(document))
    except (KeyError, TypeError, ValueError) as error:
        raise LinkproofError(
            f"Front Door's report of {host} is in no form of its own: parts of five minutes were asked for",
            "the grace decides; run this again",
        ) from error
    moments = {at for at, _ in rows}
    # Azure's own example says the end of each part; nothing says that all answers do
    shift = timedelta(seconds=_PART_SECONDS if last in moments and first not in moments else 0)
    for at, requests in rows:
        if requests:
            yield Counted(at - shift, _PART_SECONDS, requests)


def _rows(document: Mapping[str, Any]) -> Iterator[tuple[datetime, int]]:
    """Raises:
    ValueError: it is an answer to another question.
    """
    if document["granularity"] != _GRANULARITY or not isinstance(document["series"], list):
        raise ValueError(document["granularity"])
    for series in document["series"]:
        if series["metric"] != _METRIC:
            raise ValueError(series["metric"])
        for one in series["data"]:
            at = datetime.fromisoformat(one["dateTime"])
            if at.tzinfo is None:
                raise ValueError(one["dateTime"])
            yield at, math.ceil(one["value"])


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"
