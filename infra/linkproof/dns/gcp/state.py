"""What the engine's state says of a Cloud DNS record set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen

RECORD_TYPE = "gcp:dns/recordSet:RecordSet"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    """Its values are in presentation form, as it serves them."""
    ttl, zone = properties.get("ttl"), properties.get("managedZone")
    values = tuple(value for value in properties.get("rrdatas") or () if isinstance(value, str))
    return RecordSeen(
        values, None if ttl is None else int(ttl), zone_id=zone.rpartition("/")[2] if isinstance(zone, str) else None
    )
