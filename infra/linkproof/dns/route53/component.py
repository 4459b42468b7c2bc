"""Route 53: one record set per record. What exists is adopted or refused, never overwritten, but for what is shared."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from linkproof.accounts import Accounts
from linkproof.dns.wire import without_dot
from linkproof.plan.items import Record
from linkproof.plan.model import PlannedZone


def publish(
    record: Record,
    zone: PlannedZone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    accounts: Accounts,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    return aws.route53.Record(
        record.resource,
        zone_id=zone.id or "",
        name=name,
        type=record.type,
        ttl=record.ttl_seconds,
        records=[without_dot(value)],
        allow_overwrite=record.shared or None,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=accounts.aws(zone.account))),
    )
