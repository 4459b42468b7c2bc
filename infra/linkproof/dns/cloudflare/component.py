"""Cloudflare DNS: a proxied record has the automatic TTL, written 1; names are fully qualified, without dot."""

from __future__ import annotations

import pulumi

from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.dns.cloudflare.plan import AUTOMATIC_TTL
from linkproof.in_parts import import_in_parts
from linkproof.ownership import comment
from linkproof.wire import without_dot

import_in_parts("pulumi_cloudflare")

from pulumi_cloudflare.dns_record import DnsRecord  # noqa: E402

COMMENT_CHARACTERS = 100  # as the Free plan has it; others allow 500


def publish(
    record: Record,
    zone: Zone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    owner: str,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    return DnsRecord(
        record.resource,
        zone_id=zone.id or "",
        name=without_dot(name),
        type=record.type,
        ttl=AUTOMATIC_TTL if record.proxied else record.ttl_seconds,
        content=without_dot(_content(record.type, value)),
        priority=_priority(value) if record.type == "MX" else None,
        proxied=record.proxied,
        # Somebody who switches flattening on by hand breaks branding; undeclared, the provider would keep it for ever.
        # A proxied record has no such setting: it is always flattened.
        settings=None if record.proxied or record.type != "CNAME" else {"flatten_cname": False},
        comment=comment(owner, COMMENT_CHARACTERS),
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider)),
    )


def _content(record_type: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    """Of an MX, whose preference is a member of its own, the host."""
    if record_type != "MX":
        return value
    known: pulumi.Output[str] = pulumi.Output.from_input(value)
    return known.apply(lambda text: text.partition(" ")[2])


def _priority(value: pulumi.Input[str]) -> pulumi.Output[float]:
    known: pulumi.Output[str] = pulumi.Output.from_input(value)
    return known.apply(lambda text: float(text.partition(" ")[0]))
