"""Makes toy records."""

from __future__ import annotations

import pulumi
from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.dns.toy.state import RECORD_TYPE
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
    del owner
    made = {
        "zone": zone.id,
        "name": without_dot(name),
        "type": record.type,
        "ttl": record.ttl_seconds,
        "values": [value],
    }
    more = pulumi.ResourceOptions(provider=provider)
    return pulumi.CustomResource(RECORD_TYPE, record.resource, made, pulumi.ResourceOptions.merge(options, more))
