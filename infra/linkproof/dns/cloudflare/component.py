"""Cloudflare DNS: a proxied record has the automatic TTL, written 1; names are fully qualified, without dot."""

from __future__ import annotations

import pulumi
import pulumi_cloudflare as cloudflare

from linkproof.accounts import Accounts
from linkproof.dns.wire import without_dot
from linkproof.ownership import comment, this_stack
from linkproof.plan.items import Record
from linkproof.plan.model import PlannedZone

AUTOMATIC_TTL = 1
COMMENT_CHARACTERS = 100  # as the Free plan has it; others allow 500


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
        # Somebody who switches flattening on by hand breaks branding; undeclared, the provider would keep it for ever.
        # A proxied record has no such setting: it is always flattened.
        settings=None if record.proxied or record.type != "CNAME" else {"flatten_cname": False},
        comment=comment(this_stack(), COMMENT_CHARACTERS),
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=accounts.cloudflare(zone.account))),
    )
