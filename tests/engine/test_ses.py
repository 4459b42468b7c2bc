"""Configuration sets and event destinations by the real engine: the policy follows the phase, and what is gone or changed is seen."""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_recover import leave_creating

HOST, REGION = "click.example.net", "eu-west-1"
PAGE = "https://www.example.com/a%20b?x=1&y=2"
TAG = "linkproof:stack"
METRICS = {
    "to": "cloudwatch",
    "types": ["send", "click", "rendering-failure"],
    "dimensions": [{"name": "ses:from-domain", "source": "message-tag", "default": "none"}],
}
STREAM = {
    "to": "firehose",
    "types": ["open", "click"],
    "stream": f"arn:aws:firehose:{REGION}:123456789012:deliverystream/mail",
    "role": "arn:aws:iam::123456789012:role/ses",
}
TOPIC = {"to": "sns", "types": ["bounce", "complaint"], "topic": f"arn:aws:sns:{REGION}:123456789012:mail"}
BUS = {"to": "eventbridge", "types": ["delivery"], "bus": f"arn:aws:events:{REGION}:123456789012:event-bus/default"}
EVENTS = {"metrics": METRICS, "archive": STREAM, "alerts": TOPIC, "rules": BUS}


def declaration(phase: str, events: dict[str, Any] | None = None, https: str = "all") -> dict[str, Any]:
    one = {"link": "receipts", "https": https, "events": events if events is not None else EVENTS}
    manage = {
        "configuration_sets": {"receipts": one},
        "alarms": {"bounces": {"on": "bounce-rate", "notify": [TOPIC["topic"]]}},
        "dashboard": "mail",
    }
    mail = {"provider": "ses", "region": REGION, "manage": manage}
    declared = link(HOST, phase)
    declared.pop("owner_host")
    return linked({"receipts": {**declared, "sender": "mail"}}, senders={"mail": mail})


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", declaration("branded"))
        yield made


def ses(box: Sandbox) -> Any:
    import boto3

    return boto3.client(
        "sesv2",
        region_name=REGION,
        endpoint_url=box.lab.api_url("vendors/aws"),
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab-aws-secret",
    )


def tracking(box: Sandbox) -> dict[str, str]:
    held: dict[str, str] = ses(box).get_configuration_set(ConfigurationSetName="receipts")["TrackingOptions"]
    return held


def test_the_policy_follows_the_phase_and_the_domain_stays_with_it(box: Sandbox) -> None:
    for phase in ("branded", "ready", "live", "secured", "live"):
        box.declare("dev", declaration(phase))
        box.linkproof("guard", "dev")
        box.up("dev")
        policy = "REQUIRE" if phase == "secured" else "OPTIONAL"
        assert tracking(box) == {"CustomRedirectDomain": HOST, "HttpsPolicy": policy}
        assert box.verify("dev")[0] in (0, 4)
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_each_kind_of_destination_is_there_as_it_was_declared(box: Sandbox) -> None:
    found = ses(box).get_configuration_set_event_destinations(ConfigurationSetName="receipts")["EventDestinations"]
    by_name = {one["Name"]: one for one in found}
    assert set(by_name) == set(EVENTS)
    assert all(one["Enabled"] for one in found)
    assert sorted(by_name["metrics"]["MatchingEventTypes"]) == ["CLICK", "RENDERING_FAILURE", "SEND"]
    assert by_name["archive"]["KinesisFirehoseDestination"]["DeliveryStreamArn"] == STREAM["stream"]
    assert by_name["alerts"]["SnsDestination"] == {"TopicArn": TOPIC["topic"]}
    assert by_name["rules"]["EventBridgeDestination"] == {"EventBusArn": BUS["bus"]}


def test_a_mail_is_clicked_through_the_edge_and_its_events_arrive(box: Sandbox) -> None:
    sent = box.linkproof(
        "ses", "send-test", "receipts", "--stack", "dev", "--json",
        "--send", "--from", "news@example.net", "--to", "reader@example.com", "--page", PAGE,
    )  # fmt: skip
    (one,) = json.loads(sent.stdout)["configuration_sets"]
    html = box.control.dump()["documents"]["ses-mail"][one["message_id"]]["html"]
    click, picture = re.findall(r'(?:href|src)="([^"]+)"', html)
    assert click.startswith(f"https://{HOST}/CL0/"), "the page's own scheme"
    assert picture.startswith(f"http://{HOST}/CI0/"), "plain until secured"
    status, headers = fetched(box, click)
    assert (status, headers["location"]) == (302, PAGE)
    assert fetched(box, picture)[0] == 200
    archived = (box.lab.buckets / "mail" / "events.json").read_text().splitlines()
    assert [json.loads(line)["eventType"] for line in archived] == ["Click", "Open"]
    assert json.loads(archived[0])["click"]["link"] == PAGE
    assert json.loads(archived[0])["mail"]["tags"]["ses:configuration-set"] == ["receipts"]
    (delivered,) = box.control.dump()["documents"]["eventbridge-event"].values()
    assert delivered["detail-type"] == "Email Delivered"
    read = json.loads(box.linkproof("ses", "events", "receipts", "--stack", "dev", "--json").stdout)
    (metrics,) = read["read"]
    dimensions = {"ses:from-domain": "example.net"}
    assert metrics["events"] == [{"type": kind, "dimensions": dimensions, "count": 1} for kind in ("send", "click")]
    assert {unread["to"] for unread in read["not_read"]} == {"firehose", "sns", "eventbridge"}


def fetched(box: Sandbox, url: str) -> tuple[int, dict[str, str]]:
    """One request of a reader, at the edge that the host leads to."""
    parts = urlsplit(url)
    port = box.lab.https_port if parts.scheme == "https" else box.lab.http_port
    with socket.create_connection((box.lab.edge_addresses("cloudfront")[0], port), timeout=20) as plain:
        trust = ssl.create_default_context(cafile=box.lab.ca_file)
        opened = trust.wrap_socket(plain, server_hostname=HOST) if parts.scheme == "https" else plain
        asked = (
            f"GET {parts.path} HTTP/1.1\r\nHost: {parts.hostname}\r\nUser-Agent: reader/1\r\nConnection: close\r\n\r\n"
        )
        opened.sendall(asked.encode())
        answer = http.client.HTTPResponse(opened)
        answer.begin()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_what_somebody_changed_in_the_console_is_seen_and_mended(box: Sandbox) -> None:
    ses(box).put_configuration_set_tracking_options(
        ConfigurationSetName="receipts", CustomRedirectDomain=HOST, HttpsPolicy="REQUIRE"
    )
    ses(box).delete_configuration_set_event_destination(ConfigurationSetName="receipts", EventDestinationName="alerts")
    box.control.delete_document(
        "cloudwatch-dashboard", next(iter(box.control.dump()["documents"]["cloudwatch-dashboard"]))
    )
    ((key, held),) = box.control.dump()["documents"]["cloudwatch-alarm"].items()
    box.control.put_document("cloudwatch-alarm", key, {**held, "alarm": {**held["alarm"], "Threshold": 0.5}})
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=7)
    box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    steps = box.steps_of_up("dev")
    resource = f"default/{REGION}/receipts"
    board, alarm = (f"default/{REGION}/{one}" for one in ("dashboard/mail", "alarm/bounces"))
    assert sorted(steps) == [
        ("create", board),
        ("create", f"{resource}/alerts"),
        ("update", alarm),
        ("update", resource),
    ]
    assert tracking(box)["HttpsPolicy"] == "OPTIONAL"


def test_killed_between_its_destinations_nothing_is_made_twice(box: Sandbox) -> None:
    box.up("dev")
    wanted = f"default/{REGION}/receipts"
    leave_creating(box, f"{wanted}/metrics", f"{wanted}/alerts")
    said = box.linkproof("recover", "dev").stdout
    for name in ("metrics", "alerts"):
        assert f"found receipts|{name}@{REGION}, created before the engine was killed" in said
    assert box.steps_of_up("dev") == []
    found = ses(box).get_configuration_set_event_destinations(ConfigurationSetName="receipts")["EventDestinations"]
    assert sorted(one["Name"] for one in found) == sorted(EVENTS)


def test_sets_of_another_region_than_the_accounts_are_taken_over(box: Sandbox) -> None:
    """What a lost state has forgotten is found by its name, and imported from where it is."""
    for name in ("alarm/bounces", "dashboard/mail", *(f"receipts/{one}" for one in EVENTS), "receipts"):
        urn = next(one["urn"] for one in box.state("dev")["deployment"]["resources"] if one["urn"].endswith(f"/{name}"))
        box.pulumi("state", "delete", urn, "--stack", "dev", "--yes", "--force")
    said = box.linkproof("adopt", "dev").stdout
    assert "7 objects taken over, nothing changed" in said
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_it_is_protected_while_its_link_is_in_use(box: Sandbox) -> None:
    resources = box.state("dev")["deployment"]["resources"]
    held = next(one for one in resources if one["type"] == "aws:sesv2/configurationSet:ConfigurationSet")
    assert held["protect"] is True
    assert ses(box).get_configuration_set(ConfigurationSetName="receipts")["Tags"] == [
        {"Key": TAG, "Value": "organization/linkproof/dev"}
    ]
