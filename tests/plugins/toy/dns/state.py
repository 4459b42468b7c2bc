"""Reads toy records in the engine's state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen

RECORD_TYPE = "toy:index:Record"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    ttl = properties.get("ttl")
    values = tuple(f"{str(value).removesuffix('.')}." for value in properties.get("values") or ())
    return RecordSeen(values, None if ttl is None else int(ttl), zone_id=properties.get("zone"))
