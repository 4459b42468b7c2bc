"""How many requests came for a host: Cloudflare's GraphQL Analytics, whose `httpRequestsAdaptiveGroups` tell a zone's hosts apart.

developers.cloudflare.com/analytics/graphql-api/tutorials/end-customer-analytics: the filter `clientRequestHTTPHost`. The dataset is adaptive: where Cloudflare
answers from a sample, `avg { sampleInterval }` is more than 1 (…/graphql-api/sampling), and then the silence of a host proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from linkproof.contract.guard import ClientOf
from linkproof.contract.requests import Counted
from linkproof.contract.state import State
from linkproof.edges.cloudflare.facts import VENDOR
from linkproof.edges.cloudflare.items import RULESET, quoted_hosts
from linkproof.errors import LinkproofError

COUNTER: Final = "Cloudflare's analytics of its zone"
# Nothing is promised; a few minutes are usual.
LATE_SECONDS: Final = 1800
_HOUR_SECONDS = 3600
# A day has 24 of them, 25 where it begins within one.
_QUERY = """query Requests($zoneTag: string, $filter: filter) {
  viewer {
    zones(filter: {zoneTag: $zoneTag}) {
      httpRequestsAdaptiveGroups(limit: 100, filter: $filter) { count avg { sampleInterval } dimensions { datetimeHour } }
    }
  }
}"""


def counted(host: str, state: State, since: datetime, until: datetime, client: ClientOf) -> Sequence[Counted] | None:
    """By the hour, in every zone whose rulesets name the host; None where none does.

    Raises:
        LinkproofError: the API cannot be asked or refuses, or what it has is a sample.
    """
    zones = {
        (resource.account or "default", str(resource.inputs.get("zoneId") or ""))
        for resource in (*state.resources, *state.leaving)
        if resource.type == RULESET and host in _hosts(resource.inputs)
    }
    if not zones:
        return None
    return [part for account, zone in sorted(zones) for part in _of(client(VENDOR, account), zone, host, since, until)]


def _hosts(inputs: Any) -> frozenset[str]:
    return quoted_hosts(str(rule.get("expression")) for rule in inputs.get("rules") or ())


def _of(client: Any, zone: str, host: str, since: datetime, until: datetime) -> Iterator[Counted]:
    asked = {"datetime_geq": _text(_hour(since)), "datetime_lt": _text(until), "clientRequestHTTPHost": host}
    answer = client.graphql(_QUERY, {"zoneTag": zone, "filter": asked})
    try:
        (found,) = answer["viewer"]["zones"]
        rows = [
            (datetime.fromisoformat(one["dimensions"]["datetimeHour"]), int(one["count"]), one["avg"]["sampleInterval"])
            for one in found["httpRequestsAdaptiveGroups"]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise LinkproofError(
            f"Cloudflare's analytics of zone {zone} gave no answer of their own",
            "see whether the token may read Analytics",
        ) from error
    for begins, requests, interval in rows:
        if interval is None or float(interval) > 1:
            raise LinkproofError(
                f"Cloudflare's analytics of zone {zone} are a sample (one in {interval}), whose silence proves nothing",
                "the grace decides",
            )
        if requests:
            yield Counted(begins, _HOUR_SECONDS, requests)


def _hour(moment: datetime) -> datetime:
    """The beginning of its hour: what came then is judged whole, beside all that we sent in it."""
    return datetime.fromtimestamp(int(moment.timestamp()) // _HOUR_SECONDS * _HOUR_SECONDS, UTC)


def _text(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
