"""How many requests came for a domain of a Front Door profile, as its reports say and as our own reader takes them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.requests import Counted
from linkproof.edges.azure.requests import counted
from linkproof.errors import LinkproofError
from linkproof.vendors.azure.client import AzureClient
from linkproof_lab.edges.azure.control_plane.profiles import KIND
from linkproof_lab.edges.azure.control_plane.reports import request_log
from linkproof_lab.vendors.azure import facts

from tests.engine_state.deployed import NET, clients_of, resource, state
from tests.lab.apis.answering import answering
from tests.lab.apis.conftest import Lab

PART = datetime.fromtimestamp((time.time() - 7200) // 300 * 300, UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
PROFILE = f"/subscriptions/{facts.SUBSCRIPTION}/resourceGroups/edge/providers/Microsoft.Cdn/profiles/links"


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    made.store.put(KIND, PROFILE, {"properties": {}})
    yield made
    made.close()


def client_of(api: str) -> Any:
    options = facts.options(api)
    return clients_of({"default": {"azure": options}}, {"default": {"azureClientSecret": facts.CLIENT_SECRET}}).client


def come(lab: Lab, host: str, *moments: datetime, scheme: str = "https", profile: str = PROFILE) -> None:
    with request_log(lab.settings).open("a") as file:
        for at in moments:
            line = {"time": at.timestamp(), "profile": profile, "host": host, "scheme": scheme}
            file.write(json.dumps(line) + "\n")


def domain(host: str = NET, profile: str = PROFILE) -> dict[str, Any]:
    rtype = "azure-native:cdn:AFDCustomDomain"
    return resource(rtype, host, provider="azure-default", id=f"{profile}/customDomains/one")


def test_what_came_for_the_domain_counts_in_parts_of_five_minutes_by_both_schemes(lab: Lab) -> None:
    come(lab, NET, PART, PART + 5 * MINUTE, PART - 2 * DAY)
    come(lab, NET, PART + MINUTE, scheme="http")
    come(lab, "url2.example.net", PART)
    come(lab, NET, PART, profile=f"{PROFILE}2")
    client = client_of(lab.settings.api_url("vendors/azure"))
    assert counted(NET, state(domain()), PART - DAY, PART + 6 * MINUTE, client) == [Counted(PART, 300, 2)]
    assert counted(NET, state(domain()), PART - DAY, PART, client) == []
    assert counted("url9.example.net", state(domain()), PART - DAY, PART, client) is None


def test_a_profile_that_is_gone_is_no_silence(lab: Lab) -> None:
    client = client_of(lab.settings.api_url("vendors/azure"))
    with pytest.raises(LinkproofError, match="ResourceNotFound"):
        counted(NET, state(domain(profile=f"{PROFILE}2")), PART - DAY, PART, client)


def report(*data: tuple[datetime, float], **more: Any) -> bytes:
    rows = [{"dateTime": at.isoformat(), "value": value} for at, value in data]
    found = [{"metric": "clientRequestCount", "unit": "count", "groups": [], "data": rows}]
    return json.dumps({"granularity": "PT5M", "series": found, **more}).encode()


def asked(status: int, body: bytes, until: datetime = PART + 10 * MINUTE) -> Any:
    with answering(status, body) as url:
        client = AzureClient(url, "s", lambda: "a-token")
        return counted(NET, state(domain()), PART, until, lambda *_: client)


@pytest.mark.parametrize(("data", "begins"), [
    (((PART + 5 * MINUTE, 0), (PART + 10 * MINUTE, 3)), PART + 5 * MINUTE),  # as in Azure's example: when a part ends
    (((PART, 0), (PART + 5 * MINUTE, 3)), PART + 5 * MINUTE),
    (((PART + 5 * MINUTE, 3),), PART + 5 * MINUTE),  # nothing shows which it is
])  # fmt: skip
def test_a_part_may_say_when_it_ends_or_when_it_begins(
    data: tuple[tuple[datetime, float], ...], begins: datetime
) -> None:
    assert asked(200, report(*data)) == [Counted(begins, 300, 3)]


def test_a_part_of_a_request_is_one() -> None:
    assert asked(200, report((PART + 5 * MINUTE, 0.4))) == [Counted(PART + 5 * MINUTE, 300, 1)]


@pytest.mark.parametrize(("status", "body", "said"), [
    (403, b'{"error": {"code": "AuthorizationFailed", "message": "no such role"}}', "AuthorizationFailed: no such role"),
    (404, b'{"error": {"code": "ResourceNotFound", "message": "gone"}}', "gone"),
    (500, b"<html>", "gave no answer"),
    (200, b"{}", "in no form of its own"),
    (200, report(granularity="P1D"), "in no form of its own"),
    (200, report(series=None), "in no form of its own"),
    (200, report(series=[{"metric": "originRequestBandwidth", "data": []}]), "in no form of its own"),
    (200, report(series=[{"metric": "clientRequestCount", "data": [{"dateTime": "2026-11-22T10:00:00", "value": 1}]}]), "in no form of its own"),
    (200, report(series=[{"metric": "clientRequestCount", "data": [{"dateTime": "2026-11-22T10:00:00Z", "value": None}]}]), "in no form of its own"),
])  # fmt: skip
def test_what_is_no_answer_is_no_silence(status: int, body: bytes, said: str) -> None:
    with pytest.raises(LinkproofError, match=said):
        asked(status, body)


def test_too_many_calls_say_when_to_ask_again() -> None:
    body = b'{"error": {"code": "TooManyRequests", "message": "slow down"}}'
    with pytest.raises(LinkproofError, match="slow down") as raised:
        asked(429, body)
    assert "in some minutes" in raised.value.fix


@pytest.mark.parametrize("more", [(), (("metrics", "originRequestBandwidth"),), (("granularity", "PT1M"),)])
def test_what_the_lab_refuses(lab: Lab, more: tuple[tuple[str, str], ...]) -> None:
    client = client_of(lab.settings.api_url("vendors/azure"))("azure", "default")
    with pytest.raises(LinkproofError, match="BadRequest"):
        client.ask(f"{PROFILE}/getLogAnalyticsMetrics", "2025-06-01", more)
