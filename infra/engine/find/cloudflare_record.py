"""A Cloudflare DNS record: ours when it is exactly what was to be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients
from infra.engine.find import NotOursError


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    del stack
    name, rtype = inputs["name"], inputs["type"]
    records = clients.cloudflare(account).get(f"/zones/{inputs['zoneId']}/dns_records", {"name": name, "type": rtype})
    for record in records:
        if (record["content"].rstrip("."), record["proxied"]) != (
            inputs["content"].rstrip("."),
            bool(inputs.get("proxied")),
        ):
            raise NotOursError(f"record {name} {rtype}", f"it holds {record['content']}, not {inputs['content']}")
        found: str = record["id"]
        yield found
