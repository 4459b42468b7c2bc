"""What the state of Terraform has of Cloudflare's DNS, by the provider's version 4 and by version 5."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.reading import seconds, text, wire
from linkproof.contract.seen import SeenRecord, SeenZone, TerraformReader
from linkproof.dns.cloudflare.plan import AUTOMATIC_TTL


def zone(values: Mapping[str, Any], source: str) -> SeenZone | None:
    """Version 4 has the name in `zone`, version 5 in `name`; the data sources of both have it in `name`."""
    name, zone_id = wire(text(values, "name") or text(values, "zone")), text(values, "id") or text(values, "zone_id")
    return SeenZone(name, source, id=zone_id) if name and zone_id else None


def record(values: Mapping[str, Any], source: str) -> SeenRecord | None:
    """Version 4 has the whole name in `hostname` and the target in `content` or `value`; version 5 in `name` and `content`."""
    del source
    if text(values, "type") != "CNAME":
        return None
    target = text(values, "content") or text(values, "value")
    name = wire(text(values, "hostname") or text(values, "name"))
    if not target or not name:
        return None
    ttl = seconds(values, "ttl")
    return SeenRecord(
        name,
        wire(target),
        None if ttl == AUTOMATIC_TTL else ttl,
        is_proxied=values.get("proxied") is True,
        zone_id=text(values, "zone_id"),
    )


READERS: Mapping[str, TerraformReader] = {
    "cloudflare_zone": zone,
    "cloudflare_record": record,
    "cloudflare_dns_record": record,
}
