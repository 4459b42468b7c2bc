"""Azure DNS: one record set per record. What exists is adopted or refused, never overwritten."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi_azure_native import dns

from linkproof.contract.declared import Zone
from linkproof.contract.items import Record
from linkproof.dns.azure.facts import METADATA_CHARACTERS
from linkproof.dns.azure.record_set import MARK, members, relative
from linkproof.ownership import comment

# What holds the values of each type that linkproof writes, as the SDK's arguments are called.
_ARGUMENTS = {
    "A": ("a_records", "aRecords"),
    "AAAA": ("aaaa_records", "aaaaRecords"),
    "CNAME": ("cname_record", "cnameRecord"),
    "MX": ("mx_records", "mxRecords"),
    "TXT": ("txt_records", "txtRecords"),
}


def publish(
    record: Record,
    zone: Zone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    provider: pulumi.ProviderResource,
    owner: str,
    options: pulumi.ResourceOptions,
) -> pulumi.CustomResource:
    """Names are relative to the zone; the stack's mark is in the record set's metadata, which no one is served."""
    group, _, zone_name = (zone.id or "").partition("/")
    argument, member = _ARGUMENTS[record.type]
    held: pulumi.Output[Any] = pulumi.Output.from_input(value).apply(lambda text: members(record.type, [text])[member])
    made: pulumi.CustomResource = dns.RecordSet(
        record.resource,
        resource_group_name=group,
        zone_name=zone_name,
        record_type=record.type,
        relative_record_set_name=_relative(name, zone_name),
        ttl=record.ttl_seconds,
        metadata={MARK: comment(owner, METADATA_CHARACTERS)},
        **{argument: held},
        opts=pulumi.ResourceOptions.merge(options, pulumi.ResourceOptions(provider=provider)),
    )
    return made


def _relative(name: pulumi.Input[str], zone_name: str) -> pulumi.Input[str]:
    if isinstance(name, str):
        return relative(name, zone_name)
    known: pulumi.Output[str] = pulumi.Output.from_input(name)
    return known.apply(lambda text: relative(text, zone_name))
