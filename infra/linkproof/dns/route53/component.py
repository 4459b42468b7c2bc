"""Route 53: one record set per record. What exists is adopted or refused, never overwritten, but for what is shared."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from linkproof.contract.declared import Zone
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
    return aws.route53.Record(
        record.resource,
        zone_id=zone.id or "",
        name=name,
        type=record.type,
        ttl=record.ttl_seconds,
        records=[_written(record.type, value)],
        allow_overwrite=record.shared or None,
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider)),
    )


def _written(record_type: str, value: pulumi.Input[str]) -> pulumi.Input[str]:
    """The provider puts a text into quotation marks by itself."""
    return unquoted(value) if record_type == "TXT" and isinstance(value, str) else without_dot(value)
