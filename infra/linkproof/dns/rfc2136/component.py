"""A record set at a primary server of one's own: one for each record, changed in place."""

from __future__ import annotations

import pulumi

from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.dns.rfc2136.state import RECORD_TYPE
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
    properties = {
        "zone": zone.name.text,
        "name": without_dot(name),
        "type": record.type,
        "ttl": record.ttl_seconds,
        "values": [without_dot(value)],
        "shared": True if record.shared else None,
    }
    opts = pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider))
    return pulumi.CustomResource(RECORD_TYPE, record.resource, properties, opts)
