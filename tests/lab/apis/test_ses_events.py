"""Mails through the lab's SES, with the client that users have: what goes out, how it is written, and which event reaches which destination."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND
from linkproof_lab.senders.ses.control_plane.publishing import MAIL_KIND, Publisher
from linkproof_lab.senders.ses.control_plane.rewriting import Tracking, rewritten
from linkproof_lab.vendors.aws.events.bus import EVENT_KIND
from linkproof_lab.vendors.aws.sns.topics import MESSAGE_KIND

HOST, FROM = "click.example.net", "News <news@example.net>"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/mail"
TOPIC = "arn:aws:sns:us-east-1:123456789012:mail"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
HTML = '<p><a href="http://www.example.com/?a=1&amp;b=2" ses:tags="place:head;" class="x">one</a> <a ses:no-track href="https://www.example.com/">two</a></p>'


def dimension(name: str, source: str, default: str = "none") -> dict[str, str]:
    return {"DimensionName": name, "DimensionValueSource": source, "DefaultDimensionValue": default}


@pytest.fixture
def ses(lab: Any) -> Any:
    lab.store.put(SETTLED_KIND, "example.net", {"verified": True})
    made = lab.aws("sesv2")
    policy = {"CustomRedirectDomain": HOST, "HttpsPolicy": "REQUIRE"}
    made.create_configuration_set(ConfigurationSetName="news", TrackingOptions=policy)
    kinds: dict[str, tuple[list[str], dict[str, Any]]] = {
        "campaigns": (["SEND", "CLICK"], {"CloudWatchDestination": {"DimensionConfigurations": [
            dimension("campaign", "MESSAGE_TAG"), dimension("place", "LINK_TAG"), dimension("X-Kind", "EMAIL_HEADER"),
        ]}}),
        "archive": (["SEND", "DELIVERY", "BOUNCE", "COMPLAINT", "OPEN", "CLICK"], {"KinesisFirehoseDestination": {
            "DeliveryStreamArn": STREAM, "IamRoleArn": "arn:aws:iam::123456789012:role/ses",
        }}),
        "alerts": (["BOUNCE", "COMPLAINT"], {"SnsDestination": {"TopicArn": TOPIC}}),
        "rules": (["DELIVERY"], {"EventBridgeDestination": {"EventBusArn": BUS}}),
    }  # fmt: skip
    for name, (types, kind) in kinds.items():
        made.create_configuration_set_event_destination(
            ConfigurationSetName="news",
            EventDestinationName=name,
            EventDestination={"Enabled": True, "MatchingEventTypes": types, **kind},
        )
    return made


def send(ses: Any, to: str = "reader@example.com", **more: Any) -> str:
    simple = {
        "Subject": {"Data": "hello"},
        "Body": {"Html": {"Data": HTML}},
        "Headers": [{"Name": "X-Kind", "Value": "letter"}],
    }
    wanted = {"ConfigurationSetName": "news", "EmailTags": [{"Name": "campaign", "Value": "book"}], **more}
    sent = ses.send_email(
        FromEmailAddress=FROM, Destination={"ToAddresses": [to]}, Content={"Simple": simple}, **wanted
    )
    return str(sent["MessageId"])


def archived(lab: Any) -> list[dict[str, Any]]:
    file = lab.settings.buckets / "mail" / "events.json"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def of(message: str, events: list[dict[str, Any]]) -> list[str]:
    return [one["eventType"] for one in events if one["mail"]["messageId"] == message]


def refused(call: Any, **arguments: Any) -> tuple[str, int]:
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    response = raised.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_links_are_written_with_the_redirect_domain_and_the_policys_scheme(lab: Any, ses: Any) -> None:
    html = lab.store.get(MAIL_KIND, send(ses))["html"]
    first, second = re.findall(r'<a href="([^"]+)"', html)
    assert first.startswith(f"https://{HOST}/CL0/http:%2F%2Fwww.example.com%2F%3Fa%3D1%26b%3D2/1/")
    assert second == "https://www.example.com/", "ses:no-track leaves a link as it is"
    assert "ses:" not in html
    assert 'class="x"' in html
    assert re.search(rf'<img alt="" src="https://{re.escape(HOST)}/CI0/1/', html)


@pytest.mark.parametrize(
    ("policy", "click", "picture"),
    [("OPTIONAL", "http", "http"), ("REQUIRE_OPEN_ONLY", "http", "https"), ("REQUIRE", "https", "https")],
)
def test_each_policy_writes_its_own_schemes(policy: str, click: str, picture: str) -> None:
    tracking = Tracking("c.example.net", policy, clicks=True, opens=True)
    text = rewritten('<a href="http://a.example/">a</a>', tracking, lambda url, tags: "/c", lambda: "/p")
    assert f'href="{click}://c.example.net/c"' in text
    assert f'src="{picture}://c.example.net/p"' in text


def test_without_a_destination_that_wants_clicks_links_stay(lab: Any, ses: Any) -> None:
    ses.create_configuration_set(ConfigurationSetName="silent", TrackingOptions={"CustomRedirectDomain": HOST})
    assert lab.store.get(MAIL_KIND, send(ses, ConfigurationSetName="silent"))["html"].strip() == HTML


def test_each_event_goes_where_its_type_is_wanted(lab: Any, ses: Any) -> None:
    delivered, bounced = send(ses), send(ses, "bounce@simulator.amazonses.com")
    complained = send(ses, "complaint@simulator.amazonses.com")
    events = archived(lab)
    assert of(delivered, events) == ["Send", "Delivery"]
    assert of(bounced, events) == ["Send", "Bounce"]
    assert of(complained, events) == ["Send", "Delivery", "Complaint"]
    told = [json.loads(one["Message"]) for _, one in lab.store.all(MESSAGE_KIND)]
    assert sorted(one["eventType"] for one in told) == ["Bounce", "Complaint"]
    ours = [one for _, one in lab.store.all(EVENT_KIND)]
    assert [one["detail-type"] for one in ours] == ["Email Delivered", "Email Delivered"]
    assert {one["source"] for one in ours} == {"aws.ses"}
    assert ours[0]["resources"][0].endswith(":configuration-set/news")
    tags = events[0]["mail"]["tags"]
    assert tags["campaign"] == ["book"]
    assert tags["ses:configuration-set"] == ["news"]
    assert tags["ses:from-domain"] == ["example.net"]
    assert {"ses:caller-identity", "ses:source-ip", "ses:outgoing-ip"} <= set(tags)


def counts(lab: Any, name: str, dimensions: dict[str, str]) -> int:
    cloudwatch = lab.aws("cloudwatch")
    now = datetime.now(UTC)
    metric = {"Namespace": "AWS/SES", "MetricName": name}
    named = [{"Name": key, "Value": value} for key, value in dimensions.items()]
    query = {"Id": "a", "MetricStat": {"Metric": {**metric, "Dimensions": named}, "Period": 60, "Stat": "Sum"}}
    answer = cloudwatch.get_metric_data(
        MetricDataQueries=[query], StartTime=now - timedelta(hours=1), EndTime=now + timedelta(minutes=1)
    )
    return int(sum(answer["MetricDataResults"][0]["Values"]))


def test_a_metric_has_the_values_of_tag_header_and_link_or_its_default(lab: Any, ses: Any) -> None:
    message = send(ses)
    send(ses, EmailTags=[])
    publisher = Publisher(lab.settings, lab.store)
    publisher.publish(message, "CLICK", {"linkTags": {"place": ["head"]}})
    publisher.publish(message, "OPEN")
    whole = {"campaign": "book", "place": "none", "X-Kind": "letter"}
    assert counts(lab, "Send", whole) == 1
    assert counts(lab, "Send", {**whole, "campaign": "none"}) == 1
    assert counts(lab, "Click", {**whole, "place": "head"}) == 1
    assert counts(lab, "Click", whole) == 0
    assert counts(lab, "Send", {"campaign": "book"}) == 0, "a metric is read by all of its dimensions"
    listed = lab.aws("cloudwatch").list_metrics(Namespace="AWS/SES", Dimensions=[{"Name": "campaign"}])["Metrics"]
    assert sorted(one["MetricName"] for one in listed) == ["Click", "Send", "Send"]


def test_a_value_that_no_dimension_may_have_is_missing_without_a_word(lab: Any, ses: Any) -> None:
    raw = f"From: {FROM}\r\nTo: reader@example.com\r\nX-Kind: two words\r\nSubject: s\r\nX-SES-CONFIGURATION-SET: news\r\nX-SES-MESSAGE-TAGS: campaign=raw\r\n\r\nhello\r\n"
    message = ses.send_email(Content={"Raw": {"Data": raw.encode()}})["MessageId"]
    assert of(message, archived(lab)) == ["Send", "Delivery"]
    held = lab.store.get(MAIL_KIND, message)["mail"]
    assert held["tags"]["campaign"] == ["raw"]
    assert not [one for one in held["headers"] if one["name"].startswith("X-SES")], "SES takes its own headers out"
    assert lab.aws("cloudwatch").list_metrics(Namespace="AWS/SES")["Metrics"] == []


def test_what_may_not_be_sent_is_refused_by_v2s_names(ses: Any) -> None:
    mail = {"Destination": {"ToAddresses": ["a@example.com"]}, "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}}}  # fmt: skip
    assert refused(ses.send_email, FromEmailAddress="a@other.example", **mail) == ("MessageRejected", 400)
    absent = {**mail, "ConfigurationSetName": "absent"}
    assert refused(ses.send_email, FromEmailAddress=FROM, **absent) == ("NotFoundException", 404)
    tagged = {**mail, "EmailTags": [{"Name": "a b", "Value": "c"}]}
    assert refused(ses.send_email, FromEmailAddress=FROM, **tagged) == ("BadRequestException", 400)
