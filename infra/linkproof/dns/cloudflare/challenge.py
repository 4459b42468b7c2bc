"""A text for a CA's challenge at Cloudflare: a TXT record of its own. Others that stand there stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from linkproof.rdata import presented

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient

TTL_SECONDS = 60
COMMENT = "linkproof: answers a CA's challenge, and goes by itself"


def add(client: CloudflareClient, zone_id: str, name: str, text: str) -> None:
    """One record, unless there is the same one."""
    if _held(client, zone_id, name, text):
        return
    body = {
        "type": "TXT", "name": name, "content": presented("TXT", text), "ttl": TTL_SECONDS, "comment": COMMENT,
    }  # fmt: skip
    client.post(f"/zones/{zone_id}/dns_records", body)


def remove(client: CloudflareClient, zone_id: str, name: str, text: str) -> None:
    """Found by its text, for a call whose answer was lost may have made it."""
    for record in _held(client, zone_id, name, text):
        client.delete(f"/zones/{zone_id}/dns_records/{record['id']}")


def _held(client: CloudflareClient, zone_id: str, name: str, text: str) -> list[dict[str, Any]]:
    held = client.get(f"/zones/{zone_id}/dns_records", {"name": name, "type": "TXT"})
    return [one for one in held if presented("TXT", one["content"]) == presented("TXT", text)]
