"""Where a record is built, by the zone's DNS host. Where people write it, they are told."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

import pulumi

from linkproof import registry
from linkproof.contract.declared import Zone
from linkproof.contract.items import Record


class Publisher:
    """Builds records, each after what keeps their past.

    Args:
        provider: of a vendor's account.
        owner: the stack's mark.
        after: what every record stands after.
    """

    def __init__(
        self, provider: Callable[[str, str], pulumi.ProviderResource], owner: str, after: Sequence[pulumi.Resource]
    ) -> None:
        self._provider = provider
        self._owner = owner
        self._after = list(after)

    def publish(
        self,
        record: Record,
        zone: Zone,
        name: pulumi.Input[str],
        value: pulumi.Input[str],
        *,
        parent: pulumi.Resource | None = None,
        after: Sequence[pulumi.Resource] = (),
    ) -> pulumi.CustomResource | None:
        """One record as a bare resource; None where people write it.

        A record is replaced by deleting it first: a CNAME cannot stand beside its successor (RFC 1034 §3.6.2).
        """
        host = registry.dns(zone.dns)
        if host.component is None:
            if not isinstance(name, str) or not isinstance(value, str):
                pulumi.Output.all(name, value).apply(lambda pair: _say(record, zone, *pair))
            return None
        options = pulumi.ResourceOptions(
            parent=parent, depends_on=[*self._after, *after], protect=record.protect, delete_before_replace=True
        )
        vendor = host.facts.VENDOR
        assert vendor is not None, f"DNS host {zone.dns} writes records and names no vendor"
        provider = self._provider(vendor, zone.account)
        return host.component.publish(record, zone, name, value, provider, self._owner, options)


def _say(record: Record, zone: Zone, name: str, value: str) -> None:
    """While the deployment runs, for it may wait for the record; what was known before is in the plan."""
    whole = name if name.endswith(".") else f"{name}."
    here = f" (here: linkproof lab publish {pulumi.get_stack()})" if "LINKPROOF_LAB" in os.environ else ""
    pulumi.log.info(
        f"publish this record by hand in {zone.name}: {whole} {record.ttl_seconds} IN {record.type} {value}{here}"
    )
