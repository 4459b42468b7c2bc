"""What is made for event destinations, in the engine: each part of AWS's SDK is imported where one of its objects is declared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from linkproof.contract.build import Building
from linkproof.contract.items import Item
from linkproof.contract.values import Late, Value
from linkproof.errors import LinkproofError
from linkproof.ownership import TAG
from linkproof.senders.ses import policies
from linkproof.senders.ses.event_items import Bucket, Role, RolePolicy, Rule, Stream, Target, Topic, TopicPolicy
from linkproof.senders.ses.facts import VENDOR

# Files come once a minute or at this size, whichever is first; Firehose's own 300 s would keep the last hour's events from being read.
_BUFFERED_SECONDS, _BUFFERED_MB = 60, 5


def build(items: Sequence[Item], building: Building) -> None:
    """In the order of the plan, in which each stands behind what it needs."""
    for item in items:
        make = _MAKERS.get(type(item))
        if make is not None:
            building.made[item.resource] = [make(item, building)]


def arn(value: Value, building: Building) -> Any:
    """Of what exists as it is written; of what is made here its output, and of a configuration set its default bus."""
    if not isinstance(value, Late):
        return value
    made: Any = building.made[value.item][0]
    return made.arn.apply(_said(policies.default_bus)) if value.output == "bus" else made.arn


def options(item: Item, building: Building) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        provider=building.provider(VENDOR, item.account),
        protect=item.protect,
        depends_on=[resource for need in item.needs for resource in building.made.get(need, [])],
    )


def _bucket(item: Bucket, building: Building) -> pulumi.CustomResource:
    return aws.s3.Bucket(
        item.resource,
        bucket=item.name,
        region=item.region,
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _role(item: Role, building: Building) -> pulumi.CustomResource:
    return aws.iam.Role(
        item.resource,
        name=item.name,
        assume_role_policy=_of_sets(item.sources, building, lambda arns: policies.trust(item.service, arns)),
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _role_policy(item: RolePolicy, building: Building) -> pulumi.CustomResource:
    role: Any = building.made[item.role][0]
    on = pulumi.Output.all(*(arn(one, building) for one in item.on))
    return aws.iam.RolePolicy(
        item.resource,
        name=item.name,
        role=role.name,
        policy=on.apply(lambda arns: policies.permission(item.may, arns)),
        opts=options(item, building),
    )


def _stream(item: Stream, building: Building) -> pulumi.CustomResource:
    role: Any = building.made[item.role][0]
    return aws.kinesis.FirehoseDeliveryStream(
        item.resource,
        name=item.name,
        region=item.region,
        destination="extended_s3",
        extended_s3_configuration={
            "bucket_arn": item.bucket,
            "role_arn": role.arn,
            "prefix": item.prefix,
            "compression_format": "GZIP",
            "buffering_interval": _BUFFERED_SECONDS,
            "buffering_size": _BUFFERED_MB,
        },
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _topic(item: Topic, building: Building) -> pulumi.CustomResource:
    return aws.sns.Topic(
        item.resource,
        name=item.name,
        region=item.region,
        kms_master_key_id=item.key or None,
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _topic_policy(item: TopicPolicy, building: Building) -> pulumi.CustomResource:
    topic: Any = building.made[item.topic.item][0]
    sets = _arns(item.sources, building)
    return aws.sns.TopicPolicy(
        item.resource,
        arn=topic.arn,
        region=item.region,
        policy=pulumi.Output.all(topic.arn, *sets).apply(_said(lambda arns: policies.topic_policy(arns[0], arns[1:]))),
        opts=options(item, building),
    )


def _rule(item: Rule, building: Building) -> pulumi.CustomResource:
    return aws.cloudwatch.EventRule(
        item.resource,
        name=item.name,
        region=item.region,
        description="Events of mail that SES sends",
        event_pattern=item.pattern,
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _target(item: Target, building: Building) -> pulumi.CustomResource:
    rule: Any = building.made[item.rule][0]
    return aws.cloudwatch.EventTarget(
        item.resource,
        rule=rule.name,
        target_id=item.name,
        arn=item.arn,
        role_arn=item.role or None,
        region=item.region,
        opts=options(item, building),
    )


def _arns(sets: Sequence[str], building: Building) -> list[Any]:
    made: list[Any] = [building.made[one][0] for one in sets]
    return [one.arn for one in made]


def _of_sets(sets: Sequence[str], building: Building, write: Callable[[Sequence[str]], str]) -> pulumi.Output[str]:
    return pulumi.Output.all(*_arns(sets, building)).apply(_said(write))


def _said(write: Callable[[Any], str]) -> Callable[[Any], str]:
    """What is refused inside the engine's values is said as it is, as the program's own refusals are."""

    def say(value: Any) -> str:
        try:
            return write(value)
        except LinkproofError as error:
            raise pulumi.RunError(str(error)) from None

    return say


_MAKERS: dict[type[Item], Callable[[Any, Building], pulumi.CustomResource]] = {
    Bucket: _bucket,
    Role: _role,
    RolePolicy: _role_policy,
    Stream: _stream,
    Topic: _topic,
    TopicPolicy: _topic_policy,
    Rule: _rule,
    Target: _target,
}
