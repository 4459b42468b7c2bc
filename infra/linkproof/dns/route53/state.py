"""What the engine's state says of a Route 53 record set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.rdata import presented

RECORD_TYPE = "aws:route53/record:Record"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    ttl, zone_id = properties.get("ttl"), properties.get("zoneId")
    values = properties.get("records") or ()
    return RecordSeen(
        tuple(presented(str(properties.get("type")), value) for value in values if isinstance(value, str)),
        None if ttl is None else int(ttl),
        # Route 53 takes and gives both forms
        zone_id=zone_id.removeprefix("/hostedzone/") if isinstance(zone_id, str) else None,
    )
