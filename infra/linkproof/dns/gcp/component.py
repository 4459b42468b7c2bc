"""Cloud DNS: one record set per record. What exists is adopted or refused, never overwritten."""

from __future__ import annotations

import pulumi
from pulumi_gcp.dns import RecordSet

from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.names import with_dot


def publish(
    record: Record,
    zone: Zone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    owner: str,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    """Names have their last dot here, and a text its quotation marks."""
    del owner  # a record set has no room for a mark
    made: pulumi.CustomResource = RecordSet(
        record.resource,
        managed_zone=zone.id or "",
        name=_dotted(name),
        type=record.type,
        ttl=record.ttl_seconds,
        rrdatas=[value],
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider)),
    )
    return made


def _dotted(name: pulumi.Input[str]) -> pulumi.Input[str]:
    if isinstance(name, str):
        return with_dot(name)
    known: pulumi.Output[str] = pulumi.Output.from_input(name)
    return known.apply(with_dot)
