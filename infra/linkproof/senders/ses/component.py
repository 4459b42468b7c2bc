"""Amazon SES's objects in the engine: a configuration set after the record of its redirect domain, its destinations after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.ownership import TAG
from linkproof.senders.ses.facts import VENDOR
from linkproof.senders.ses.items import ConfigurationSet, EventDestination


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Sets before their destinations."""
    del records
    for item in items:
        if isinstance(item, ConfigurationSet):
            building.made[item.resource] = [_configuration_set(item, building)]
    for item in items:
        if isinstance(item, EventDestination):
            building.made[item.resource] = [_destination(item, building)]


def _configuration_set(item: ConfigurationSet, building: Building) -> aws.sesv2.ConfigurationSet:
    return aws.sesv2.ConfigurationSet(
        item.resource,
        configuration_set_name=item.name,
        region=item.region,
        tracking_options={"custom_redirect_domain": item.redirect_domain, "https_policy": item.https_policy},
        tags={TAG: building.owner},
        opts=_options(item, building),
    )


def _destination(item: EventDestination, building: Building) -> aws.sesv2.ConfigurationSetEventDestination:
    made: Any = building.made[item.configuration_set][0]
    wanted: Any = {"matching_event_types": list(item.types), "enabled": item.enabled, **_kind(item)}
    return aws.sesv2.ConfigurationSetEventDestination(
        item.resource,
        configuration_set_name=made.configuration_set_name,
        event_destination_name=item.name,
        region=item.region,
        event_destination=wanted,
        opts=_options(item, building),
    )


def _kind(item: EventDestination) -> Any:
    """Exactly one: neither the SDK nor the provider refuses two."""
    arns = dict(item.arns)
    match item.to:
        case "cloudwatch":
            dimensions = [
                {"dimension_name": name, "dimension_value_source": source, "default_dimension_value": default}
                for name, source, default in item.dimensions
            ]
            return {"cloud_watch_destination": {"dimension_configurations": dimensions}}
        case "firehose":
            return {
                "kinesis_firehose_destination": {"delivery_stream_arn": arns["stream"], "iam_role_arn": arns["role"]}
            }
        case "sns":
            return {"sns_destination": {"topic_arn": arns["topic"]}}
        case "eventbridge":
            return {"event_bridge_destination": {"event_bus_arn": arns["bus"]}}
    raise AssertionError(item)


def _options(item: Item, building: Building) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions(
        provider=building.provider(VENDOR, item.account),
        protect=item.protect,
        depends_on=[resource for need in item.needs for resource in building.made.get(need, [])],
    )
