"""What SES reaches in its customer's account, with the clients that users have: a right role, policy or rule delivers, a wrong one fails as at the vendor."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof.senders.ses import policies
from linkproof_lab.senders.ses.control_plane.identities import SETTLED_KIND
from linkproof_lab.vendors.aws.control_plane.accounts import account_number
from linkproof_lab.vendors.aws.events.bus import DELIVERY_KIND
from linkproof_lab.vendors.aws.sns.topics import MESSAGE_KIND

ACCOUNT, REGION = account_number("AKIALAB1"), "us-east-1"
SET = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/news"
OTHER_SET = SET.replace("/news", "/other")
STREAM = f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/mail"
ROLE, WRITER = f"arn:aws:iam::{ACCOUNT}:role/ses", f"arn:aws:iam::{ACCOUNT}:role/writer"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"


def code_of(call: Callable[[], Any]) -> tuple[str, str]:
    with pytest.raises(ClientError) as refused:
        call()
    error = refused.value.response["Error"]
    return error["Code"], error["Message"]


@pytest.fixture
def ses(lab: Any) -> Any:
    lab.store.put(SETTLED_KIND, "example.net", {"verified": True})
    made = lab.aws("sesv2")
    made.create_configuration_set(ConfigurationSetName="news")
    return made


def role(lab: Any, name: str, trust: str, may: tuple[str, ...] = (), on: tuple[str, ...] = ()) -> None:
    iam = lab.aws("iam")
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    if may:
        iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=policies.permission(may, on))


def stream(lab: Any, bucket: str = "acme-mail", prefix: str = "mail/", compression: str = "GZIP") -> None:
    """With its bucket and the role that writes there, rightly."""
    lab.aws("s3").create_bucket(Bucket=bucket)
    arn = f"arn:aws:s3:::{bucket}"
    role(lab, "writer", policies.trust(policies.FIREHOSE, [SET]), policies.TO_BUCKET, (arn, f"{arn}/*"))
    configuration = {"BucketARN": arn, "RoleARN": WRITER, "Prefix": prefix, "CompressionFormat": compression}
    lab.aws("firehose").create_delivery_stream(
        DeliveryStreamName="mail", ExtendedS3DestinationConfiguration=configuration
    )


def destine(ses: Any, types: list[str], **kind: Any) -> None:
    ses.create_configuration_set_event_destination(
        ConfigurationSetName="news",
        EventDestinationName="one",
        EventDestination={"Enabled": True, "MatchingEventTypes": types, **kind},
    )


def send(ses: Any) -> None:
    ses.send_email(
        FromEmailAddress="news@example.net",
        Destination={"ToAddresses": ["reader@example.com"]},
        Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        ConfigurationSetName="news",
    )


def in_bucket(lab: Any, bucket: str = "acme-mail") -> list[str]:
    """The lines of its files, in the order of their names."""
    s3 = lab.aws("s3")
    files = s3.list_objects_v2(Bucket=bucket).get("Contents") or ()
    contents = [s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read() for one in files]
    return [line for each in contents for line in _plain(each).decode().splitlines()]


def _plain(content: bytes) -> bytes:
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


FIREHOSE = {"KinesisFirehoseDestination": {"IamRoleArn": ROLE, "DeliveryStreamArn": STREAM}}


@pytest.mark.parametrize("compression", ["GZIP", "UNCOMPRESSED"])
def test_events_come_into_the_bucket_as_lines_of_a_file_named_by_the_hour(lab: Any, ses: Any, compression: str) -> None:
    stream(lab, compression=compression)
    role(lab, "ses", policies.trust(policies.SES, [SET]), policies.TO_STREAM, (STREAM,))
    destine(ses, ["SEND", "DELIVERY"], **FIREHOSE)
    send(ses)
    assert sorted(json.loads(line)["eventType"] for line in in_bucket(lab)) == ["Delivery", "Send"]
    key = lab.aws("s3").list_objects_v2(Bucket="acme-mail")["Contents"][0]["Key"]
    lead, *hour, name = key.split("/")
    assert (lead, [len(part) for part in hour]) == ("mail", [4, 2, 2, 2])
    assert name.startswith("mail-1-")
    assert name.endswith(".gz") is (compression == "GZIP")


@pytest.mark.parametrize("trust", [
    policies.trust(policies.SES, [OTHER_SET]),
    policies.trust(policies.FIREHOSE, [SET]),
    policies.trust(policies.SES, [SET.replace(ACCOUNT, "123456789012")]),
], ids=["another set", "another service", "another account"])  # fmt: skip
def test_a_role_that_ses_may_not_take_is_refused_when_the_destination_is_made(lab: Any, ses: Any, trust: str) -> None:
    stream(lab)
    role(lab, "ses", trust, policies.TO_STREAM, (STREAM,))
    refused = code_of(lambda: destine(ses, ["SEND"], **FIREHOSE))
    assert refused == ("BadRequestException", f"Could not assume IAM role <{ROLE}>.")


@pytest.mark.parametrize(("may", "on"), [
    (("firehose:PutRecord",), STREAM),
    (policies.TO_STREAM, STREAM.replace("/mail", "/other")),
], ids=["another action", "another stream"])  # fmt: skip
def test_a_role_that_may_not_write_to_the_stream_loses_the_events_without_a_word(
    lab: Any, ses: Any, may: tuple[str, ...], on: str
) -> None:
    stream(lab)
    role(lab, "ses", policies.trust(policies.SES, [SET]), may, (on,))
    destine(ses, ["SEND"], **FIREHOSE)
    send(ses)
    assert in_bucket(lab) == []
    lab.aws("iam").put_role_policy(
        RoleName="ses", PolicyName="may", PolicyDocument=policies.permission(policies.TO_STREAM, [STREAM])
    )
    send(ses)
    assert len(in_bucket(lab)) == 1


def test_a_stream_takes_no_role_that_trusts_somebody_else_and_loses_what_it_may_not_write(lab: Any, ses: Any) -> None:
    role(lab, "wrong", policies.trust(policies.SES, [SET]))
    configuration = {"BucketARN": "arn:aws:s3:::acme-mail", "RoleARN": WRITER.replace("writer", "wrong")}
    said = code_of(
        lambda: lab.aws("firehose").create_delivery_stream(
            DeliveryStreamName="mail", ExtendedS3DestinationConfiguration=configuration
        )
    )
    assert said[0] == "InvalidArgumentException"
    assert "unable to assume role" in said[1]
    stream(lab)
    role(lab, "ses", policies.trust(policies.SES, [SET]), policies.TO_STREAM, (STREAM,))
    destine(ses, ["SEND"], **FIREHOSE)
    lab.aws("iam").delete_role_policy(RoleName="writer", PolicyName="may")
    send(ses)
    assert in_bucket(lab) == []


def test_a_topic_takes_events_once_its_policy_lets_ses_publish_for_this_set(lab: Any, ses: Any) -> None:
    sns = lab.aws("sns")
    assert sns.create_topic(Name="alerts")["TopicArn"] == TOPIC
    kind = {"SnsDestination": {"TopicArn": TOPIC}}

    def let(document: str) -> None:
        sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="Policy", AttributeValue=document)

    assert code_of(lambda: destine(ses, ["SEND"], **kind))[0] == "BadRequestException", "its own policy is the owner's"
    let(policies.topic_policy(TOPIC, [OTHER_SET]))
    assert code_of(lambda: destine(ses, ["SEND"], **kind))[0] == "BadRequestException"
    let(policies.topic_policy(TOPIC, [OTHER_SET, SET]))
    destine(ses, ["SEND"], **kind)
    send(ses)
    (message,) = [one for _, one in lab.store.all(MESSAGE_KIND)]
    assert (message["TopicArn"], json.loads(message["Message"])["eventType"]) == (TOPIC, "Send")
    sns.set_topic_attributes(TopicArn=TOPIC, AttributeName="KmsMasterKeyId", AttributeValue="alias/aws/sns")
    send(ses)
    assert len(lab.store.all(MESSAGE_KIND)) == 1, "nobody can let SES use AWS's own key"


def test_a_rule_takes_the_detail_types_and_the_set_that_it_names_and_no_others(lab: Any, ses: Any) -> None:
    events = lab.aws("events")
    destine(ses, ["SEND", "DELIVERY"], EventBridgeDestination={"EventBusArn": BUS})
    tags = {"ses:configuration-set": ["news"]}
    pattern = {"source": ["aws.ses"], "detail-type": ["Email Delivered"], "detail": {"mail": {"tags": tags}}}
    other = {**pattern, "detail": {"mail": {"tags": {"ses:configuration-set": ["other"]}}}}
    queue = f"arn:aws:sqs:{REGION}:{ACCOUNT}:mail"
    lab.aws("sns").create_topic(Name="alerts")
    for name, wanted, target in (("ours", pattern, queue), ("theirs", other, queue), ("closed", pattern, TOPIC)):
        events.put_rule(Name=name, EventPattern=json.dumps(wanted))
        events.put_targets(Rule=name, Targets=[{"Id": name, "Arn": target}])
    send(ses)
    (delivered,) = [one for _, one in lab.store.all(DELIVERY_KIND)]
    assert (delivered["target"], delivered["event"]["detail-type"]) == (queue, "Email Delivered")
    assert delivered["rule"].endswith(":rule/ours"), "another set's rule has none, nor has a topic that lets nobody in"


def test_names_that_are_there_absent_or_in_use_have_the_vendors_errors(lab: Any) -> None:
    iam, s3, sns, firehose, events = (lab.aws(name) for name in ("iam", "s3", "sns", "firehose", "events"))
    assert code_of(lambda: iam.get_role(RoleName="absent"))[0] == "NoSuchEntity"
    assert code_of(lambda: iam.create_role(RoleName="a", AssumeRolePolicyDocument="no"))[0] == "MalformedPolicyDocument"
    role(lab, "a", policies.trust(policies.SES, [SET]), ("s3:*",), ("*",))
    assert code_of(lambda: role(lab, "a", policies.trust(policies.SES, [SET])))[0] == "EntityAlreadyExists"
    assert code_of(lambda: iam.delete_role(RoleName="a"))[0] == "DeleteConflict"
    assert code_of(lambda: s3.get_bucket_tagging(Bucket="acme-absent"))[0] == "NoSuchBucket"
    s3.create_bucket(Bucket="acme-a")
    assert code_of(lambda: s3.get_bucket_tagging(Bucket="acme-a"))[0] == "NoSuchTagSet"
    s3.put_bucket_tagging(Bucket="acme-a", Tagging={"TagSet": [{"Key": "a", "Value": "b & c"}]})
    assert s3.get_bucket_tagging(Bucket="acme-a")["TagSet"] == [{"Key": "a", "Value": "b & c"}]
    theirs = lab.aws("s3", "AKIALAB2")
    assert code_of(lambda: theirs.head_bucket(Bucket="acme-a"))[0] == "403"
    assert code_of(lambda: theirs.create_bucket(Bucket="acme-a"))[0] == "BucketAlreadyExists"
    s3.put_object(Bucket="acme-a", Key="b/c", Body=b"d")
    assert code_of(lambda: s3.delete_bucket(Bucket="acme-a"))[0] == "BucketNotEmpty"
    assert s3.get_object(Bucket="acme-a", Key="b/c")["Body"].read() == b"d"
    assert code_of(lambda: sns.get_topic_attributes(TopicArn=TOPIC))[0] == "NotFound"
    assert code_of(lambda: firehose.describe_delivery_stream(DeliveryStreamName="a"))[0] == "ResourceNotFoundException"
    assert code_of(lambda: events.describe_rule(Name="a"))[0] == "ResourceNotFoundException"
    events.put_rule(Name="a", EventPattern="{}")
    events.put_targets(Rule="a", Targets=[{"Id": "b", "Arn": TOPIC}])
    assert code_of(lambda: events.delete_rule(Name="a"))[0] == "ValidationException"
    assert code_of(lambda: events.put_rule(Name="c", EventPattern="no"))[0] == "InvalidEventPatternException"
