"""Route 53: one record set per record. What exists is adopted or refused, never overwritten, but for what is shared."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from linkproof.contract.declared import Zone
from linkproof.contract.dns import AliasTarget
from linkproof.contract.items import Record
from linkproof.rdata import unquoted
from linkproof.wire import without_dot


def publish(
    record: Record,
    zone: Zone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    owner: str,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    del owner  # a record set has no room for a mark
    opts = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider))
    if record.alias is not None:
        return aws.route53.Record(
            record.resource,
            zone_id=zone.id or "",
            name=name,
            type="A" if record.type == "CNAME" else record.type,
            aliases=[_alias(record.alias, value)],
            opts=opts,
        )
    return aws.route53.Record(
        record.resource,
        zone_id=zone.id or "",
        name=name,
        type=record.type,
        ttl=record.ttl_seconds,
        records=[_written(record.type, value)],
        allow_overwrite=record.shared or None,
        opts=opts,
    )


def _alias(target: AliasTarget, value: pulumi.Input[str]) -> aws.route53.RecordAliasArgs:
    """The health of a distribution cannot be asked for."""
    return aws.route53.RecordAliasArgs(name=without_dot(value), zone_id=target.zone_id, evaluate_target_health=False)


def _written(record_type: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    """The provider puts a text into quotation marks by itself."""
    if record_type != "TXT":
        return without_dot(value)
    if isinstance(value, str):
        return unquoted(value)
    known: pulumi.Output[str] = pulumi.Output.from_input(value)
    return known.apply(unquoted)
