"""A Cloudflare entry-point ruleset: ours when its description has the mark, and its rules are those, that it was to be created with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from linkproof.engine.clients import Clients
from linkproof.engine.find.candidate import Candidate


def candidates(inputs: Mapping[str, Any], clients: Clients, account: str) -> Iterator[Candidate]:
    zone_id, phase = inputs["zoneId"], inputs["phase"]
    client = clients.cloudflare(account)
    for summary in client.get(f"/zones/{zone_id}/rulesets", {}):
        if (summary.get("phase"), summary.get("kind")) != (phase, "zone"):
            continue
        whole = client.get(f"/zones/{zone_id}/rulesets/{summary['id']}", {})
        yield Candidate(
            f"the {phase} ruleset of zone {zone_id}", f"zones/{zone_id}/{summary['id']}", _doubt(whole, inputs)
        )


def _doubt(whole: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held = {rule.get("ref") for rule in whole.get("rules") or []}
    if held != {rule.get("ref") for rule in inputs.get("rules") or []}:
        return f"it has other rules than ours ({len(held)})"
    described, wanted = whole.get("description") or "", inputs.get("description") or ""
    if described != wanted:
        return f"its description says {described or 'nothing'}, not {wanted or 'nothing'}"
    return ""
