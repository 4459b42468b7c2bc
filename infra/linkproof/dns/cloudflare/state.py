"""What the engine's state says of a Cloudflare DNS record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.dns.cloudflare.plan import served_ttl_seconds
from linkproof.rdata import presented

RECORD_TYPE = "cloudflare:index/dnsRecord:DnsRecord"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    value, ttl, zone_id = properties.get("content"), properties.get("ttl"), properties.get("zoneId")
    proxied = bool(properties.get("proxied"))
    return RecordSeen(
        (presented(str(properties.get("type")), value),) if isinstance(value, str) else (),
        None if ttl is None else served_ttl_seconds(int(ttl), proxied=proxied),
        proxied,
        zone_id if isinstance(zone_id, str) else None,
    )
