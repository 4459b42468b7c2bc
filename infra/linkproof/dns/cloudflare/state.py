"""What the engine's state says of a Cloudflare DNS record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linkproof.contract.dns import RecordSeen
from linkproof.dns.cloudflare.plan import served_ttl_seconds
from linkproof.rdata import presented

RECORD_TYPE = "cloudflare:index/dnsRecord:DnsRecord"


def read(properties: Mapping[str, Any]) -> RecordSeen:
    value, ttl, zone_id = content_of(properties), properties.get("ttl"), properties.get("zoneId")
    proxied = bool(properties.get("proxied"))
    return RecordSeen(
        (presented(str(properties.get("type")), value),) if isinstance(value, str) else (),
        None if ttl is None else served_ttl_seconds(int(ttl), proxied=proxied),
        proxied,
        zone_id if isinstance(zone_id, str) else None,
    )


def content_of(record: Mapping[str, Any]) -> Any:
    """The value of a record of the API's or the state's; of an MX with its preference, which both have apart."""
    content = record.get("content")
    if record.get("type") != "MX" or not isinstance(content, str) or record.get("priority") is None:
        return content
    return f"{int(record['priority'])} {content}"
