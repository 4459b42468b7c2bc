"""A DNS record as Cloudflare's API shows it."""

from __future__ import annotations

from typing import Any

from linkproof_lab.dns.cloudflare.control_plane.record_rules import PROXIABLE, rdata


def view(record: dict[str, Any]) -> dict[str, Any]:
    """The record as the API shows it."""
    shown = {
        "id": record["id"],
        "name": record["name"],
        "type": record["type"],
        "content": record["content"],
        "proxiable": record["type"] in PROXIABLE,
        "proxied": record["proxied"],
        "ttl": record["ttl"],
        "settings": record["settings"],
        "meta": {},
        "comment": record["comment"],
        "tags": record["tags"],
        "created_on": record["created_on"],
        "modified_on": record["modified_on"],
    }
    shown.update({key: record[key] for key in ("priority", "data") if key in record})
    if record["comment"]:
        shown["comment_modified_on"] = record["modified_on"]
    return shown


def bind(zone: str, records: list[dict[str, Any]]) -> str:
    """A zone file of the records, without SOA and NS."""
    lines = [f"{r['name']}.\t{r['ttl']}\tIN\t{r['type']}\t{rdata(r)}" for r in records]
    return "\n".join([f";; Domain:     {zone}.", *sorted(lines)]) + "\n"
