"""Amazon SES's objects in the engine: a configuration set after the record of its redirect domain, its destinations after it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.ownership import TAG
from linkproof.senders.ses import event_resources
from linkproof.senders.ses.event_resources import options
from linkproof.senders.ses.items import Alarm, ConfigurationSet, Dashboard, EventDestination, Identity, MailFrom
from linkproof.senders.ses.monitoring import SET_DIMENSION
from linkproof.senders.ses.readings import NAMESPACE
from linkproof.senders.ses.state import dkim_record


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Identities with their DKIM records, sets, and then their destinations."""
    for item in items:
        if isinstance(item, Identity):
            mine = [one for one in records if isinstance(one.name, Late) and one.name.item == item.resource]
            _identity(item, mine, building)
    for item in items:
        if isinstance(item, ConfigurationSet):
            building.made[item.resource] = [_configuration_set(item, building)]
    event_resources.build(items, building)
    for item in items:
        if isinstance(item, EventDestination):
            building.made[item.resource] = [_destination(item, building)]
        elif isinstance(item, MailFrom):
            building.made[item.resource] = [_mail_from(item, building)]
        elif isinstance(item, Alarm):
            building.made[item.resource] = [_alarm(item, building)]
        elif isinstance(item, Dashboard):
            building.made[item.resource] = [_dashboard(item, building)]


def _identity(item: Identity, records: Sequence[Record], building: Building) -> None:
    made = aws.sesv2.EmailIdentity(
        item.resource,
        email_identity=item.domain,
        region=item.region,
        dkim_signing_attributes={"next_signing_key_length": item.key_length},
        tags={TAG: building.owner},
        opts=options(item, building),
    )
    building.made[item.resource] = [made]
    for record in records:
        name, value = (
            made.dkim_signing_attributes.apply(partial(_dkim, item, late.output))
            for late in (record.name, record.value)
            if isinstance(late, Late)
        )
        building.late |= {record.name: name, record.value: value}  # type: ignore[dict-item]  # both are late
        published = building.publish(record, name, value)
        if published is not None:
            building.records.append(published)
            building.made.setdefault(record.resource, []).append(published)


def _dkim(item: Identity, output: str, attributes: Any) -> str:
    return dkim_record(attributes["tokens"], item.domain, item.region, output)


def _mail_from(item: MailFrom, building: Building) -> pulumi.CustomResource:
    return aws.sesv2.EmailIdentityMailFromAttributes(
        item.resource,
        email_identity=item.domain,
        mail_from_domain=item.host,
        behavior_on_mx_failure=item.on_mx_failure,
        region=item.region,
        opts=options(item, building),
    )


def _configuration_set(item: ConfigurationSet, building: Building) -> aws.sesv2.ConfigurationSet:
    return aws.sesv2.ConfigurationSet(
        item.resource,
        configuration_set_name=item.name,
        region=item.region,
        tracking_options={"custom_redirect_domain": item.redirect_domain, "https_policy": item.https_policy}
        if item.redirect_domain
        else None,
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _destination(item: EventDestination, building: Building) -> aws.sesv2.ConfigurationSetEventDestination:
    made: Any = building.made[item.configuration_set][0]
    wanted: Any = {"matching_event_types": list(item.types), "enabled": item.enabled, **_kind(item, building)}
    return aws.sesv2.ConfigurationSetEventDestination(
        item.resource,
        configuration_set_name=made.configuration_set_name,
        event_destination_name=item.name,
        region=item.region,
        event_destination=wanted,
        opts=options(item, building),
    )


def _alarm(item: Alarm, building: Building) -> pulumi.CustomResource:
    return aws.cloudwatch.MetricAlarm(
        item.resource,
        name=item.name,
        region=item.region,
        alarm_description=item.description,
        namespace=NAMESPACE,
        metric_name=item.metric,
        dimensions={SET_DIMENSION: item.configuration_set} if item.configuration_set is not None else None,
        statistic=item.statistic,
        period=3600,
        evaluation_periods=item.hours,
        comparison_operator=item.comparison,
        threshold=item.threshold,
        treat_missing_data=item.missing,
        alarm_actions=list(item.notify) or None,
        ok_actions=list(item.notify) or None,
        tags={TAG: building.owner},
        opts=options(item, building),
    )


def _dashboard(item: Dashboard, building: Building) -> pulumi.CustomResource:
    return aws.cloudwatch.Dashboard(
        item.resource,
        dashboard_name=item.name,
        region=item.region,
        dashboard_body=item.body,
        opts=options(item, building),
    )


def _kind(item: EventDestination, building: Building) -> Any:
    """Exactly one: neither the SDK nor the provider refuses two."""
    arns = {word: event_resources.arn(value, building) for word, value in item.arns}
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
