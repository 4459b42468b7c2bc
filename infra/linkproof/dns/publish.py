"""Where a record is built, by the zone's DNS host. A `manual` zone is written by people."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, cast

import pulumi

from linkproof.accounts import Accounts
from linkproof.dns.names import MANUAL
from linkproof.plan.items import Record
from linkproof.plan.model import PlannedZone

COMPONENTS = {"cloudflare": "linkproof.dns.cloudflare.component", "route53": "linkproof.dns.route53.component"}


class DnsHost(Protocol):
    """The entry point of a DNS host's `component.py`."""

    def publish(
        self,
        record: Record,
        zone: PlannedZone,
        name: pulumi.Input[str],
        value: pulumi.Input[str],
        accounts: Accounts,
        options: pulumi.ResourceOptions,
    ) -> pulumi.CustomResource: ...


def _say(record: Record, zone: PlannedZone, name: str, value: str) -> None:
    """While the deployment runs, for it may wait for the record; what was known before is in the plan."""
    whole = name if name.endswith(".") else f"{name}."
    here = f" (here: linkproof lab publish {pulumi.get_stack()})" if "LINKPROOF_LAB" in os.environ else ""
    pulumi.log.info(
        f"publish this record by hand in {zone.name}: {whole} {record.ttl_seconds} IN {record.type} {value}{here}"
    )


def publish(
    record: Record,
    zone: PlannedZone,
    name: pulumi.Input[str],
    value: pulumi.Input[str],
    accounts: Accounts,
    *,
    parent: pulumi.Resource | None = None,
    after: Sequence[pulumi.Resource] = (),
) -> pulumi.CustomResource | None:
    """Build one record as a bare resource; None in a `manual` zone.

    A record is replaced by deleting it first: a CNAME cannot stand beside its successor (RFC 1034 §3.6.2).
    """
    if zone.dns == MANUAL:
        if not isinstance(name, str) or not isinstance(value, str):
            pulumi.Output.all(name, value).apply(lambda pair: _say(record, zone, *pair))
        return None
    options = pulumi.ResourceOptions(
        parent=parent, depends_on=list(after), protect=record.protect, delete_before_replace=True
    )
    host = cast("DnsHost", import_module(COMPONENTS[zone.dns]))
    return host.publish(record, zone, name, value, accounts, options)
