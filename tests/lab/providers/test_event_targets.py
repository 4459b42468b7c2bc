"""What event destinations need, against the lab's APIs: made, changed, seen anew, imported, taken away."""

from __future__ import annotations

import json

import pytest
from linkproof.senders.ses import policies
from linkproof_lab.vendors.aws.control_plane.accounts import account_number
from linkproof_lab.vendors.aws.s3.buckets import write_object

pytestmark = pytest.mark.stand_in_only("it puts a bucket's name before the host, where the lab has none")

ACCOUNT = account_number("AKIALAB00000000000001")
BUCKET = "aws:s3/bucket:Bucket"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
REGION = "us-east-2"
TAGS = {"linkproof:stack": "a"}
KEYS = ("arn:aws:kms:us-east-2:123456789012:key/1", "arn:aws:kms:us-east-2:123456789012:key/2")
SETS = [f"arn:aws:ses:us-east-2:123456789012:configuration-set/{name}" for name in ("news", "other")]
QUEUE = "arn:aws:sqs:us-east-2:123456789012:mail"


def role(name="writer", sets=SETS, service=policies.FIREHOSE, **more):
    return {"name": name, "assumeRolePolicy": policies.trust(service, sets), "tags": TAGS, **more}


def rule(name="mail", types=("Email Sent",)):
    pattern = json.dumps({"source": ["aws.ses"], "detail-type": list(types)})
    return {"name": name, "region": REGION, "eventPattern": pattern, "description": "mail", "tags": TAGS}


def lived_through(made, inputs, changed, path, renamed, imported_as):
    """One object from its create to its delete."""
    assert made.changed(inputs) == (set(), set())
    assert made.refresh()[0] == inputs
    assert made.changed(changed) == ({path}, set())
    assert made.changed(renamed)[1], "a name is what it is"
    made.update(changed)
    assert made.refresh()[0] == changed
    id_, imported, _ = made.imported(imported_as or made.id)
    assert id_ == made.id
    assert imported[path] == changed[path]
    made.delete()
    assert made.refresh() is None


CASES = {
    ROLE: (role(), role(sets=SETS[:1], service=policies.SES), "assumeRolePolicy", role(name="other"), ""),
    TOPIC: (
        {"name": "alerts", "region": REGION, "kmsMasterKeyId": KEYS[0], "tags": TAGS},
        {"name": "alerts", "region": REGION, "kmsMasterKeyId": KEYS[1], "tags": TAGS},
        "kmsMasterKeyId",
        {"name": "other", "region": REGION, "tags": TAGS},
        "",
    ),
    RULE: (rule(), rule(types=["Email Sent", "Email Opened"]), "eventPattern", rule(name="other"), f"mail@{REGION}"),
}


@pytest.mark.parametrize("token", CASES)
def test_it_lives_from_create_to_delete(aws, token):
    inputs, changed, path, renamed, imported_as = CASES[token]
    made = aws.resource(token).create(inputs)
    lived_through(made, inputs, changed, path, renamed, imported_as)


def test_a_bucket_is_tagged_and_one_with_objects_in_it_stays(aws, lab):
    inputs = {"bucket": "acme-made", "region": REGION, "tags": TAGS}
    made = aws.resource(BUCKET).create(inputs)
    assert made.refresh()[0] == inputs
    assert made.changed({**inputs, "bucket": "acme-other"})[1]
    write_object(lab.settings, "acme-made", "a", b"a")
    with pytest.raises(Exception, match="acme-made is not empty"):
        made.delete()
    (lab.settings.buckets / "acme-made" / "a").unlink()
    assert aws.resource(BUCKET).imported(f"acme-made@{REGION}")[0] == "acme-made"
    made.delete()
    assert made.refresh() is None


def test_a_roles_policy_is_its_roles(aws):
    owner = aws.resource(ROLE).create(role(name="owner"))
    inputs = {"name": "may", "role": "owner", "policy": policies.permission(["s3:PutObject"], ["*"])}
    changed = {**inputs, "policy": policies.permission(["s3:GetObject"], ["*"])}
    made = aws.resource(ROLE_POLICY).create(inputs)
    assert made.id == "owner:may"
    lived_through(made, inputs, changed, "policy", {**inputs, "name": "other"}, "")
    owner.delete()


def test_a_stream_changes_its_form_in_place_and_keeps_its_name(aws):
    owner = aws.resource(ROLE).create(role(name="streams", sets=[SETS[0].replace("123456789012", ACCOUNT)]))
    configuration = {"bucketArn": "arn:aws:s3:::acme", "roleArn": f"arn:aws:iam::{ACCOUNT}:role/streams"}
    configuration |= {"prefix": "mail/", "compressionFormat": "GZIP", "bufferingInterval": 60}
    inputs = {"name": "mail", "region": REGION, "destination": "extended_s3", "tags": TAGS}
    inputs["extendedS3Configuration"] = configuration
    changed = {**inputs, "extendedS3Configuration": {**configuration, "prefix": "other/"}}
    made = aws.resource(STREAM).create(inputs)
    assert made.id == f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/mail"
    assert made.changed(inputs) == (set(), set())
    assert made.refresh()[0] == inputs
    assert made.changed(changed) == ({"extendedS3Configuration.prefix"}, set())
    made.update(changed)
    assert made.refresh()[0] == changed
    assert aws.resource(STREAM).imported(made.id)[1]["extendedS3Configuration"]["prefix"] == "other/"
    made.delete()
    assert made.refresh() is None
    owner.delete()


def test_a_topics_policy_goes_back_to_the_owners_own(aws):
    topic = aws.resource(TOPIC).create({"name": "told", "region": REGION})
    inputs = {"arn": topic.id, "region": REGION, "policy": policies.topic_policy(topic.id, SETS)}
    made = aws.resource(TOPIC_POLICY).create(inputs)
    assert made.refresh()[0]["arn"] == topic.id
    assert made.changed(inputs) == (set(), set())
    changed = {**inputs, "policy": policies.topic_policy(topic.id, SETS[:1])}
    assert made.changed(changed) == ({"policy"}, set())
    made.update(changed)
    made.delete()
    _, imported, _ = aws.resource(TOPIC_POLICY).imported(topic.id)
    assert json.loads(imported["policy"])["Id"] == "__default_policy_ID"
    topic.delete()


def test_a_target_is_its_rules(aws):
    owner = aws.resource(RULE).create(rule(name="owner"))
    inputs = {"rule": "owner", "targetId": "queue", "arn": QUEUE, "region": REGION}
    changed = {**inputs, "arn": f"{QUEUE}2"}
    made = aws.resource(TARGET).create(inputs)
    assert made.id == "owner-queue"
    lived_through(made, inputs, changed, "arn", {**inputs, "targetId": "other"}, f"owner/queue@{REGION}")
    owner.delete()
