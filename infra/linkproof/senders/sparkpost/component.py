"""SparkPost's objects in the engine: a tracking domain after its record, a sending domain's choice of it after that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.senders.sparkpost.facts import VENDOR
from linkproof.senders.sparkpost.items import SendingDomain, TrackingDomain

# People may have to publish the record first, and SparkPost's resolver may hold that there is none.
VERIFICATION_TIMEOUT = "30m"


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Tracking domains before what names them."""
    del records
    for item in sorted(items, key=lambda one: isinstance(one, SendingDomain)):
        made = pulumi.CustomResource(item.engine_type, item.resource, _inputs(item), _options(item, building))
        building.made.setdefault(item.resource, []).append(made)


def _inputs(item: Item) -> dict[str, Any]:
    match item:
        case TrackingDomain():
            return {
                "domain": item.host,
                "subaccount": item.subaccount or None,
                "secure": item.secure,
                "default": item.is_default,
                "verified": True,
                "managedCertificate": True if item.managed_target else None,
                "expectedTarget": item.managed_target or None,
            }
        case SendingDomain():
            return {"domain": item.domain, "trackingDomain": item.host, "subaccount": item.subaccount or None}
    raise AssertionError(item)


def _options(item: Item, building: Building) -> pulumi.ResourceOptions:
    timeouts = None
    if isinstance(item, TrackingDomain):
        # a certificate comes in about 15 minutes, and the step to `secured` waits for it
        update = VERIFICATION_TIMEOUT if item.managed_target else None
        timeouts = pulumi.CustomTimeouts(create=VERIFICATION_TIMEOUT, update=update)
    return pulumi.ResourceOptions(
        provider=building.provider(VENDOR, item.account),
        protect=item.protect,
        depends_on=[resource for need in item.needs for resource in building.made.get(need, [])],
        custom_timeouts=timeouts,
    )
