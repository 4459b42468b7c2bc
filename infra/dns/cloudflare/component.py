"""Cloudflare DNS: a proxied record has the automatic TTL, written 1; names are fully qualified, without dot."""

from __future__ import annotations

import pulumi
import pulumi_cloudflare as cloudflare

from infra.accounts import Accounts
from infra.dns.wire import without_dot
from infra.plan.items import Record
from infra.plan.model import PlannedZone

AUTOMATIC_TTL = 1


def publish(
    record: Record,
    zone: PlannedZone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    accounts: Accounts,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    return cloudflare.DnsRecord(
        record.resource,
        zone_id=zone.id or "",
        name=without_dot(name),
        type=record.type,
        ttl=AUTOMATIC_TTL if record.proxied else record.ttl_seconds,
        content=without_dot(value),
        proxied=record.proxied,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=accounts.cloudflare(zone.account))),
    )
