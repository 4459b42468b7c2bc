"""What the engine's state says of an Azure DNS record set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.dns.azure.record_set import values

RECORD_TYPE = "azure-native:dns:RecordSet"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    """The provider gives the type of what it has read as the object's type, `Microsoft.Network/dnszones/CNAME`."""
    ttl, group, zone = (properties.get(name) for name in ("ttl", "resourceGroupName", "zoneName"))
    said = properties.get("recordType") or properties.get("type") or ""
    rtype = str(said).rpartition("/")[2]
    is_placed = isinstance(group, str) and isinstance(zone, str)
    return RecordSeen(
        values(rtype, properties), None if ttl is None else int(ttl), zone_id=f"{group}/{zone}" if is_placed else None
    )
