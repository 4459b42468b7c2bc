"""What the engine's state says of a record set of a primary server's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.rdata import presented

RECORD_TYPE = "rfc2136:index:RecordSet"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    ttl = properties.get("ttl")
    values = tuple(
        presented(str(properties.get("type")), value)
        for value in properties.get("values") or ()
        if isinstance(value, str)
    )
    return RecordSeen(values, None if ttl is None else int(ttl))


def joined_id(zone: str, name: str, record_type: str) -> str:
    """An id alone says all that reading the set takes."""
    return f"{zone}/{name}/{record_type}"


def parted_id(resource_id: str) -> tuple[str, str, str]:
    """Zone, name and type.

    Raises:
        ValueError: it is no such id.
    """
    zone, name, record_type = resource_id.split("/")
    if not (zone and name and record_type):
        raise ValueError(resource_id)
    return zone, name, record_type
