"""A Cloudflare entry-point ruleset: ours when it has our rules and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from infra.engine.clients import Clients
from infra.engine.find import NotOursError


def find(inputs: Mapping[str, Any], clients: Clients, account: str, stack: str) -> Iterator[str]:
    del stack
    zone_id, phase = inputs["zoneId"], inputs["phase"]
    client = clients.cloudflare(account)
    for summary in client.get(f"/zones/{zone_id}/rulesets", {}):
        if (summary.get("phase"), summary.get("kind")) != (phase, "zone"):
            continue
        whole = client.get(f"/zones/{zone_id}/rulesets/{summary['id']}", {})
        refs = {rule.get("ref") for rule in whole.get("rules", [])}
        if refs != {rule.get("ref") for rule in inputs.get("rules", [])}:
            raise NotOursError(f"the {phase} ruleset of zone {zone_id}", "it has other rules than ours")
        found: str = summary["id"]
        yield found
