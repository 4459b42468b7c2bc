"""What the engine's state says of a Route 53 record set."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.dns.route53.facts import ALIASES
from linkproof.rdata import presented

RECORD_TYPE = "aws:route53/record:Record"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    ttl, zone_id = properties.get("ttl"), properties.get("zoneId")
    # Route 53 takes and gives both forms
    bare_id = zone_id.removeprefix("/hostedzone/") if isinstance(zone_id, str) else None
    aliases = [one for one in properties.get("aliases") or () if isinstance(one, Mapping)]
    if aliases:
        targets = [one["name"] for one in aliases if isinstance(one.get("name"), str)]
        values = tuple(presented("CNAME", target) for target in targets)
        seconds = [target.ttl_seconds for target in ALIASES.values() if target.zone_id == aliases[0].get("zoneId")]
        return RecordSeen(values, seconds[0] if seconds else None, zone_id=bare_id, alias=True)
    values = tuple(
        presented(str(properties.get("type")), value)
        for value in properties.get("records") or ()
        if isinstance(value, str)
    )
    return RecordSeen(values, None if ttl is None else int(ttl), zone_id=bare_id)
