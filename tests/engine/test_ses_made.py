"""What is made for event destinations, by the real engine: killed in their middle and whole again, with events at each, drift, and adoption."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from linkproof.senders.ses import policies
from linkproof_lab.vendors.aws.control_plane.accounts import account_number

from tests.engine.sandbox import Sandbox, linked, sandbox
from tests.engine.test_recover import kill_up_when
from tests.engine.test_ses import METRICS, REGION, ses

ACCOUNT = account_number("AKIDLABDEFAULT")
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mail"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/receipts"
EVENTS = {
    "metrics": METRICS,
    "archive": {"to": "firehose", "types": ["send", "delivery"], "stream": "mail", "bucket": "acme-mail"},
    "alerts": {"to": "sns", "types": ["bounce"], "topic": "alerts"},
    "rules": {"to": "eventbridge", "types": ["delivery"], "rule": "delivered", "target": QUEUE},
}
WRITER, TAKEN = f"default/iam.role/mail-{REGION}-firehose", f"default/iam.role/mail-{REGION}-ses"
STREAM, TOPIC, RULE = (
    f"default/{REGION}/{one}" for one in ("firehose.stream/mail", "sns.topic/alerts", "events.rule/delivered")
)
MADE = ("default/s3.bucket/acme-mail", WRITER, f"{WRITER}/write", TAKEN, f"{TAKEN}/put", STREAM, TOPIC, f"{TOPIC}/policy", RULE, f"{RULE}/target")  # fmt: skip


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    one = {"link": "receipts", "events": EVENTS}
    mail = {"provider": "ses", "region": REGION, "manage": {"configuration_sets": {"receipts": one}}}
    declared = {"sender": "mail", "click_host": "click.example.net", "phase": "branded"}
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack("dev", linked({"receipts": declared}, senders={"mail": mail}))
        yield made


def aws(box: Sandbox, service: str) -> Any:
    return boto3.client(
        service,
        region_name=REGION,
        endpoint_url=box.lab.api_url("vendors/aws"),
        aws_access_key_id="AKIDLABDEFAULT",
        aws_secret_access_key="lab-aws-secret",
    )


def destinations(box: Sandbox) -> int:
    """How many the set has."""
    with sqlite3.connect(f"file:{box.lab.database}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT doc FROM documents WHERE kind = 'ses-configuration-set'").fetchall()
    return sum(len(json.loads(doc)["destinations"]) for (doc,) in rows)


def test_killed_between_four_destinations_it_is_whole_after_recover_and_up(box: Sandbox) -> None:
    for providers_too in (True, False):
        there = destinations(box)
        if not kill_up_when(box, lambda: destinations(box) > there, providers_too=providers_too):  # noqa: B023 - called at once
            break
        box.linkproof("recover", "dev")
    assert 0 < there < len(EVENTS), "the second kill came between the destinations"
    box.linkproof("guard", "dev")
    box.up("dev")
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    found = ses(box).get_configuration_set_event_destinations(ConfigurationSetName="receipts")["EventDestinations"]
    by_name = {one["Name"]: one for one in found}
    assert set(by_name) == set(EVENTS)
    assert (
        by_name["archive"]["KinesisFirehoseDestination"]["IamRoleArn"]
        == f"arn:aws:iam::{ACCOUNT}:role/mail-{REGION}-ses"
    )
    assert by_name["rules"]["EventBridgeDestination"]["EventBusArn"].endswith(f":{ACCOUNT}:event-bus/default")
    documents = box.control.dump()["documents"]
    for kind, count in (
        ("s3-bucket", 1),
        ("iam-role", 2),
        ("firehose-stream", 1),
        ("sns-topic", 1),
        ("eventbridge-rule", 1),
    ):
        assert len(documents[kind]) == count, f"{kind} made twice, or not"


def test_the_events_of_a_mail_arrive_at_each_and_those_of_the_bucket_are_read(box: Sandbox) -> None:
    for receiver in ("reader@example.com", "bounce@simulator.amazonses.com"):
        sent = ("--send", "--from", "news@example.net", "--to", receiver)
        box.linkproof("ses", "send-test", "receipts", "--stack", "dev", *sent)
    read = json.loads(box.linkproof("ses", "events", "receipts", "--stack", "dev", "--json").stdout)
    archive = next(one for one in read["read"] if one["destination"] == "archive")
    assert [(one["type"], one["count"]) for one in archive["events"]] == [("send", 2), ("delivery", 1)]
    assert (archive["bucket"], archive["files_left_out"], archive["lines_not_read"]) == ("acme-mail", 0, 0)
    assert {one["to"] for one in read["not_read"]} == {"sns", "eventbridge"}
    assert (
        "receipts → archive (Firehose, bucket acme-mail)"
        in box.linkproof("ses", "events", "receipts", "--stack", "dev").stdout
    )
    documents = box.control.dump()["documents"]
    (message,) = documents["sns-message"].values()
    assert json.loads(message["Message"])["eventType"] == "Bounce"
    (delivered,) = documents["eventbridge-delivery"].values()
    assert (delivered["target"], delivered["event"]["detail-type"]) == (QUEUE, "Email Delivered")


def test_what_somebody_changed_of_each_is_seen_once_and_mended(box: Sandbox) -> None:
    iam, sns, events, firehose = (aws(box, one) for one in ("iam", "sns", "events", "firehose"))
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
    iam.update_assume_role_policy(
        RoleName=f"mail-{REGION}-ses", PolicyDocument=policies.trust(policies.SES, [f"{SET}-other"])
    )
    iam.put_role_policy(
        RoleName=f"mail-{REGION}-firehose",
        PolicyName="write",
        PolicyDocument=policies.permission(["s3:GetObject"], ["*"]),
    )
    iam.delete_role_policy(RoleName=f"mail-{REGION}-ses", PolicyName="put")
    sns.set_topic_attributes(TopicArn=topic, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
    sns.set_topic_attributes(
        TopicArn=topic, AttributeName="Policy", AttributeValue=policies.topic_policy(topic, [f"{SET}-other"])
    )
    events.put_rule(Name="delivered", EventPattern='{"source":["aws.ses"]}')
    events.put_targets(Rule="delivered", Targets=[{"Id": "delivered", "Arn": f"{QUEUE}-other"}])
    held = firehose.describe_delivery_stream(DeliveryStreamName="mail")["DeliveryStreamDescription"]
    firehose.update_destination(
        DeliveryStreamName="mail",
        CurrentDeliveryStreamVersionId=held["VersionId"],
        DestinationId=held["Destinations"][0]["DestinationId"],
        ExtendedS3DestinationUpdate={"CompressionFormat": "ZIP"},
    )
    aws(box, "s3").put_bucket_tagging(Bucket="acme-mail", Tagging={"TagSet": [{"Key": "owner", "Value": "somebody"}]})
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=7)
    box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    wanted = {("create" if one == f"{TAKEN}/put" else "update", one) for one in MADE if one != WRITER}
    steps = box.steps_of_up("dev")
    assert sorted(steps) == sorted(wanted)
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")


def test_what_a_lost_state_has_forgotten_is_taken_over(box: Sandbox) -> None:
    for name in (TAKEN, MADE[0], WRITER, TOPIC, RULE):
        resources = box.state("dev")["deployment"]["resources"]
        urn = next(one["urn"] for one in resources if one["urn"].endswith(f"::{name}"))
        box.pulumi("state", "delete", urn, "--target-dependents", "--stack", "dev", "--yes", "--force")
    said = box.linkproof("adopt", "dev").stdout
    assert f"{len(MADE) + 3} objects taken over, nothing changed" in said, "with the destinations that depend on them"
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
