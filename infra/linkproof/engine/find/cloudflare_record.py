"""A Cloudflare DNS record: ours when its comment has the mark, and its data are those, that it was to be created with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    name, rtype, zone_id = inputs["name"], inputs["type"], inputs["zoneId"]
    records = clients.cloudflare(account).get(f"/zones/{zone_id}/dns_records", {"name": name, "type": rtype})
    for record in records:
        yield Candidate(f"record {name} {rtype}", f"{zone_id}/{record['id']}", _doubt(record, inputs))


def _doubt(record: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held, wanted = record["content"].rstrip("."), inputs["content"].rstrip(".")
    if held != wanted:
        return f"it holds {held}, not {wanted}"
    if record["proxied"] != bool(inputs.get("proxied")):
        return f"it is {'proxied' if record['proxied'] else 'DNS only'}"
    comment = inputs.get("comment") or ""
    if (record.get("comment") or "") != comment:
        return f"its comment says {record.get('comment') or 'nothing'}, not {comment or 'nothing'}"
    return ""
