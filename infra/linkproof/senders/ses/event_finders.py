"""Finding what a killed engine may have made for an event destination: by name, and proved ours by its tag or by saying exactly that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.ownership import TAG
from linkproof.senders.ses.event_items import BUCKET, ROLE, ROLE_POLICY, RULE, STREAM, TARGET, TOPIC, TOPIC_POLICY

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

# What SNS gives each topic itself.
_OWN_POLICY = "__default_policy_ID"


def doubt_of(tags: Any, inputs: Mapping[str, Any]) -> str:
    """Why an object may not be this stack's, by its tags.

    Args:
        tags: as AWS lists them.
    """
    held = {tag["Key"]: tag["Value"] for tag in tags or ()}
    wanted = (inputs.get("tags") or {}).get(TAG)
    return "" if held.get(TAG) == wanted else f"its tag {TAG} says {held.get(TAG) or 'nothing'}, not {wanted}"


def buckets(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one bucket in the world; one that we may not look at is somebody else's."""
    name = str(inputs["bucket"])
    s3 = client.service("s3", inputs.get("region"))
    try:
        tags = s3.get_bucket_tagging(Bucket=name)["TagSet"]
    except s3.exceptions.ClientError as error:
        if _code(error) == "NoSuchBucket":
            return
        if _code(error) not in ("NoSuchTagSet", "AccessDenied"):
            raise
        tags = ()
    yield Candidate(f"bucket {name}", client.to_import(name, inputs.get("region")), doubt_of(tags, inputs), kept=name)


def roles(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one role of an account."""
    name = str(inputs["name"])
    iam = client.service("iam")
    try:
        found = iam.get_role(RoleName=name)["Role"]
    except iam.exceptions.NoSuchEntityException:
        return
    yield Candidate(f"role {name}", name, doubt_of(found.get("Tags"), inputs))


def role_policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """It carries no mark; it is ours when it says exactly what was to be created."""
    role, name = str(inputs["role"]), str(inputs["name"])
    iam = client.service("iam")
    try:
        found = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        return
    doubt = "" if _says(inputs["policy"], found) else "it allows something else, or what is not known yet"
    yield Candidate(f"policy {name} of role {role}", f"{role}:{name}", doubt)


def streams(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one stream in a region of an account."""
    name = str(inputs["name"])
    firehose = client.service("firehose", inputs.get("region"))
    try:
        found = firehose.describe_delivery_stream(DeliveryStreamName=name)["DeliveryStreamDescription"]
        tags = firehose.list_tags_for_delivery_stream(DeliveryStreamName=name)["Tags"]
    except firehose.exceptions.ResourceNotFoundException:
        return
    yield Candidate(f"delivery stream {name}", found["DeliveryStreamARN"], doubt_of(tags, inputs))


def topics(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one topic in a region of an account; there is no call for it, so the list is read."""
    name = str(inputs["name"])
    sns = client.service("sns", inputs.get("region"))
    for page in sns.get_paginator("list_topics").paginate():
        for one in page["Topics"]:
            if one["TopicArn"].rpartition(":")[2] == name:
                tags = sns.list_tags_for_resource(ResourceArn=one["TopicArn"])["Tags"]
                yield Candidate(f"topic {name}", one["TopicArn"], doubt_of(tags, inputs))


def topic_policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Each topic has one; it is ours when it says exactly what was to be written, and none of ours when it is SNS's own."""
    arn = str(inputs["arn"])
    sns = client.service("sns", inputs.get("region"))
    try:
        held = json.loads(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    except sns.exceptions.NotFoundException:
        return
    if held.get("Id") == _OWN_POLICY:
        return
    doubt = "" if _says(inputs["policy"], held) else "it lets others publish, or whom is not known yet"
    yield Candidate(f"policy of topic {arn.rpartition(':')[2]}", arn, doubt)


def rules(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A name is one rule of the default bus in a region of an account."""
    name = str(inputs["name"])
    events = client.service("events", inputs.get("region"))
    try:
        found = events.describe_rule(Name=name)
        tags = events.list_tags_for_resource(ResourceARN=found["Arn"])["Tags"]
    except events.exceptions.ResourceNotFoundException:
        return
    yield Candidate(f"rule {name}", client.to_import(name, inputs.get("region")), doubt_of(tags, inputs), kept=name)


def targets(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """It carries no mark; it is ours when it leads where it was to lead."""
    rule, name = str(inputs["rule"]), str(inputs["targetId"])
    events = client.service("events", inputs.get("region"))
    try:
        found = events.list_targets_by_rule(Rule=rule)["Targets"]
    except events.exceptions.ResourceNotFoundException:
        return
    for one in found:
        if one["Id"] == name:
            doubt = "" if one["Arn"] == inputs.get("arn") else f"it leads to {one['Arn']}"
            id_ = client.to_import(f"{rule}/{name}", inputs.get("region"))
            yield Candidate(f"target {name} of rule {rule}", id_, doubt, kept=f"{rule}-{name}")


def _says(policy: Any, held: Any) -> bool:
    """Whether a policy is what is held; one that is known only after deployment is no document yet."""
    try:
        return bool(json.loads(str(policy)) == held)
    except ValueError:
        return False


def _code(error: Any) -> str:
    return str(error.response["Error"]["Code"])


FINDERS: Mapping[str, Finder] = {
    BUCKET: buckets,
    ROLE: roles,
    ROLE_POLICY: role_policies,
    STREAM: streams,
    TOPIC: topics,
    TOPIC_POLICY: topic_policies,
    RULE: rules,
    TARGET: targets,
}
