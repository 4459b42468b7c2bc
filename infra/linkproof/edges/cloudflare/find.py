"""Finding a Cloudflare entry-point ruleset, and proving that it is the one that this stack was creating."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate, Finder
from linkproof.edges.cloudflare.items import RULESET

if TYPE_CHECKING:
    from linkproof.vendors.cloudflare.client import CloudflareClient

WITHOUT_OBJECT: frozenset[str] = frozenset()


def rulesets(inputs: Mapping[str, Any], client: CloudflareClient) -> Iterator[Candidate]:
    """An entry point is one per zone and phase: ours when its description has the mark, and its rules are those of the create."""
    zone_id, phase = inputs["zoneId"], inputs["phase"]
    for summary in client.get(f"/zones/{zone_id}/rulesets", {}):
        if (summary.get("phase"), summary.get("kind")) != (phase, "zone"):
            continue
        id_ = str(summary["id"])
        whole = client.get(f"/zones/{zone_id}/rulesets/{id_}", {})
        what = f"the {phase} ruleset of zone {zone_id}"
        yield Candidate(what, f"zones/{zone_id}/{id_}", _doubt(whole, inputs), kept=id_)


def _doubt(whole: Mapping[str, Any], inputs: Mapping[str, Any]) -> str:
    held = {rule.get("ref") for rule in whole.get("rules") or []}
    if held != {rule.get("ref") for rule in inputs.get("rules") or []}:
        return f"it has other rules than ours ({len(held)})"
    described, wanted = whole.get("description") or "", inputs.get("description") or ""
    if described != wanted:
        return f"its description says {described or 'nothing'}, not {wanted or 'nothing'}"
    return ""


FINDERS: Mapping[str, Finder] = {RULESET: rulesets}
