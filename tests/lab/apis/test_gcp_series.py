"""How many requests came to a load balancer of Google's for one host's sender, as Cloud Monitoring says and as our own reader takes it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.requests import Counted
from linkproof.edges.gcp.requests import counted
from linkproof.errors import LinkproofError
from linkproof_lab.edges.gcp.control_plane.time_series import ANSWERS, KIND, request_log
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints

from tests.engine_state.deployed import NET, clients_of, resource, state
from tests.lab.apis.answering import answering
from tests.lab.apis.conftest import Lab

PART = datetime.fromtimestamp((time.time() - 7200) // 300 * 300, UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LINK = "https://www.googleapis.com/compute/v1/projects/acme/global/backendServices"
TOGETHER, ALL = frozenset({NET, "url2.example.net"}), frozenset({NET, "url2.example.net", "url3.example.net"})


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def client_of(api: str, token: str = GCP_TOKEN) -> Any:
    options = {"project": "acme", **endpoints(api)}
    return clients_of({"default": {"gcp": options}}, {"default": {"gcpAccessToken": token}}).client


def come(lab: Lab, backend: str, *moments: datetime, url_map: str = "links") -> None:
    with request_log(lab.settings).open("a") as file:
        for at in moments:
            told = {"url_map": f"projects/acme/global/urlMaps/{url_map}", "backend": backend}
            file.write(json.dumps({"time": at.timestamp(), **told}) + "\n")


def entry(host: str = NET, account: str = "default") -> dict[str, Any]:
    rtype = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry"
    return resource(rtype, host, provider=f"gcp-{account}")


def url_map(**more: Any) -> dict[str, Any]:
    """Two hosts of one sender and one of another's."""
    matchers = [{"name": f"to-{backend}", "defaultService": f"{LINK}/{backend}"} for backend in ("sendgrid", "ses")]
    rules = [
        {"hosts": [NET], "pathMatcher": "to-sendgrid"},
        {"hosts": ["url2.example.net"], "pathMatcher": "to-sendgrid"},
        {"hosts": ["url3.example.net"], "pathMatcher": "to-ses"},
    ]
    inputs = {"name": "links", "hostRules": rules, "pathMatchers": matchers}
    return resource("gcp:compute/uRLMap:URLMap", "default", provider="gcp-default", **{"inputs": inputs, **more})


def test_what_went_to_the_host_s_sender_or_to_none_counts_in_parts_of_five_minutes(lab: Lab) -> None:
    come(lab, "sendgrid", PART, PART + 4 * MINUTE, PART + 5 * MINUTE, PART - 2 * DAY)
    come(lab, "", PART)
    come(lab, "ses", PART)
    come(lab, "sendgrid", PART, url_map="another")
    client = client_of(lab.settings.api_url("vendors/gcp"))
    found = counted(NET, state(entry(), url_map()), PART - DAY + MINUTE, PART + 6 * MINUTE, client)
    assert sorted(found or (), key=lambda one: one.requests) == [
        Counted(PART, 300, 1, TOGETHER), Counted(PART, 300, 2, TOGETHER),
    ]  # fmt: skip
    assert counted(NET, state(entry(), url_map()), PART - DAY, PART - MINUTE, client) == []


def test_every_page_is_read(lab: Lab) -> None:
    come(lab, "sendgrid", *(PART + n * 5 * MINUTE for n in range(5)))
    lab.store.put(KIND, ANSWERS, {"points": 2})
    client = client_of(lab.settings.api_url("vendors/gcp"))
    found = counted(NET, state(entry(), url_map()), PART, PART + 25 * MINUTE, client)
    assert sorted(one.begins for one in found or ()) == [PART + n * 5 * MINUTE for n in range(5)]


@pytest.mark.parametrize("told", [
    url_map(modified=(PART + MINUTE).isoformat()),
    url_map(modified=(PART - 10 * MINUTE).isoformat()),
    url_map(modified=None),
    url_map(inputs={**url_map()["inputs"], "hostRules": [{"hosts": ["url2.example.net", "url3.example.net"], "pathMatcher": "to-ses"}]}),
])  # fmt: skip
def test_where_the_map_was_changed_meanwhile_all_that_it_got_counts(lab: Lab, told: dict[str, Any]) -> None:
    come(lab, "ses", PART)
    client = client_of(lab.settings.api_url("vendors/gcp"))
    (found,) = counted(NET, state(entry(), told), PART, PART + 5 * MINUTE, client) or ()
    assert (found.requests, found.hosts | {NET}) == (1, ALL)


def test_a_host_of_no_load_balancer_or_of_two_is_not_counted() -> None:
    def never(vendor: str, account: str) -> Any:
        raise AssertionError("asked all the same")

    for resources in ([url_map()], [entry()], [entry(), entry(account="other"), url_map()]):
        assert counted(NET, state(*resources), PART, PART + DAY, never) is None
    with pytest.raises(LinkproofError, match="does not say the name"):
        counted(NET, state(entry(), url_map(inputs={})), PART, PART + DAY, lambda *_: None)


def test_what_may_be_incomplete_is_no_count(lab: Lab) -> None:
    lab.store.put(KIND, ANSWERS, {"errors": ["a region did not answer"]})
    client = client_of(lab.settings.api_url("vendors/gcp"))
    with pytest.raises(LinkproofError, match="may be incomplete: a region did not answer"):
        counted(NET, state(entry(), url_map()), PART, PART + DAY, client)


def series(labels: dict[str, str], **point: Any) -> bytes:
    return json.dumps({"timeSeries": [{"resource": {"labels": labels}, "points": [point]}]}).encode()


GOOD = {"interval": {"endTime": f"{PART:%Y-%m-%dT%H:%M:%SZ}"}, "value": {"int64Value": "1"}}


@pytest.mark.parametrize(("status", "body", "said"), [
    (403, b'{"error": {"message": "Permission monitoring.timeSeries.list denied"}}', "monitoring.timeSeries.list denied"),
    (404, b'{"error": {"message": "no such project"}}', "no such project"),
    (500, b"<html>", "gave no answer"),
    (200, b"[]", "no word of its own"),
    (200, series({"url_map_name": "links"}, **GOOD), "backend_target_name and parts of five minutes were asked for"),
    (200, series({"backend_target_name": "a"}, **{**GOOD, "value": {"doubleValue": 1.5}}), "in no form of its own"),
    (200, series({"backend_target_name": "a"}, **{**GOOD, "interval": {"endTime": "2026-11-22T10:00:00"}}), "in no form of its own"),
])  # fmt: skip
def test_what_is_no_answer_is_no_silence(status: int, body: bytes, said: str) -> None:
    with answering(status, body) as url, pytest.raises(LinkproofError, match=said):
        counted(NET, state(entry(), url_map()), PART, PART + DAY, client_of(url))


def test_a_used_up_quota_says_when_to_ask_again() -> None:
    body = b'{"error": {"message": "Quota exceeded"}}'
    with answering(429, body) as url, pytest.raises(LinkproofError, match="Quota exceeded") as raised:
        counted(NET, state(entry(), url_map()), PART, PART + DAY, client_of(url))
    assert "in a minute" in raised.value.fix


def test_the_lab_answers_this_question_alone(lab: Lab) -> None:
    found = client_of(lab.settings.api_url("vendors/gcp"))("gcp", "default")
    url = f"{found.monitoring}projects/acme/timeSeries"
    with pytest.raises(LinkproofError, match="by backend service alone"):
        list(found.pages(url, {"filter": 'metric.type = "other"'}))
