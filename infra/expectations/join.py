"""Plan + state + previous file → `expectations.json`: what is late is bound, and what changed gets its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from infra.dns.names import MANUAL
from infra.engine.state import CERTIFICATE, DISTRIBUTION, RECORD_TYPES, RULESET, State, record_ttl_seconds
from infra.expectations.derive import derive
from infra.plan.items import Late
from infra.plan.model import Plan

# How long a resolver may keep a "no such name" (RFC 2308: the lesser of the SOA's TTL and minimum): what each
# DNS host's zones serve by default.
NEGATIVE_TTL_SECONDS = {"route53": 900, "cloudflare": 1800, "manual": 3600}


def join(plan: Plan, state: State, previous: dict[str, Any] | None, *, stack: str, now: datetime) -> dict[str, Any]:
    """The whole document, as design and schema have it.

    Args:
        plan: of the declaration as it is now.
        state: of the engine, after a deployment that may have failed.
        previous: the document that this one replaces, if any.
        now: aware, UTC.
    """
    document = derive(plan, lambda late: _late(late, state))
    document["pending"] += _unfinished(plan, document, state, stack)
    changed = _changed_at(plan, state)
    for record in document["records"]:
        record["changed_at"] = changed.get(record["id"])
    return {
        "version": 1,
        "stack": stack,
        "written_at": _text(now),
        **{key: document[key] for key in ("zones", "records", "caa", "endpoints", "pending")},
        "previous": _previous(plan, document["records"], state, previous, now),
    }


def late_value(late: Late, state: State) -> str | None:
    """What a late-bound reference turned out to be; None while nobody knows."""
    return _late(late, state)


def _late(late: Late, state: State) -> str | None:
    if late.output == "domain_name":
        found = state.find(DISTRIBUTION, late.item)
        return _fqdn(found.outputs.get("domainName")) if found else None
    found = state.find(CERTIFICATE, late.item)
    options = (found.outputs.get("domainValidationOptions") if found else None) or []
    for option in options:
        if option.get("domainName") == late.item:
            return _fqdn(
                option.get("resourceRecordName" if late.output == "validation_name" else "resourceRecordValue")
            )
    return None


def _fqdn(name: Any) -> str | None:
    if not isinstance(name, str) or not name:
        return None
    return name if name.endswith(".") else f"{name}."


def _unfinished(plan: Plan, document: dict[str, Any], state: State, stack: str) -> list[dict[str, str]]:
    """A deployment that failed or never ran is said, so that nothing passes as proven."""
    up = f"`pulumi up -s {stack} --suppress-outputs`"
    if state.pending:
        names = ", ".join(sorted(str(op["resource"]["urn"]).rpartition("::")[2] for op in state.pending))
        return [
            {
                "id": "deployment",
                "reason": f"the engine was interrupted while it worked on {names}: run `linkproof recover {stack}`, then {up}",
            }
        ]
    exported = state.outputs.get("expectations")
    if not isinstance(exported, dict):
        return [{"id": "deployment", "reason": f"no deployment of this stack has finished: run {up}"}]
    then = {record["id"]: record.get("values") for record in exported.get("records", [])}
    absent = _not_in_state(plan, state)
    if absent:
        return [{"id": "deployment", "reason": f"the engine has not made {_some(absent)}: run {up}"}]
    differs = sorted(r["id"] for r in document["records"] if then.get(r["id"]) != r["values"])
    if differs:
        return [
            {
                "id": "deployment",
                "reason": f"the last finished deployment exported other values for {_some(differs)}: run {up}",
            }
        ]
    return []


def _not_in_state(plan: Plan, state: State) -> list[str]:
    """What a deployment that failed left out. Another owner's record may answer in its place, so DNS alone cannot tell."""
    known = {(resource.type, resource.name) for resource in state.resources}
    records = [
        r.resource
        for r in plan.records
        if plan.zone(r.zone).dns != MANUAL and not any((t, r.resource) in known for t in RECORD_TYPES)
    ]
    edges = [d.resource for d in plan.distributions if (DISTRIBUTION, d.resource) not in known]
    rulesets = [r.resource for r in plan.rulesets if r.ours and (RULESET, r.resource) not in known]
    return [*records, *edges, *rulesets]


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _changed_at(plan: Plan, state: State) -> dict[str, str]:
    found = {record.id: state.record(record.resource) for record in plan.records}
    return {id_: resource.modified for id_, resource in found.items() if resource is not None and resource.modified}


def _previous(
    plan: Plan, records: list[dict[str, Any]], state: State, previous: dict[str, Any] | None, now: datetime
) -> list[dict[str, Any]]:
    """What resolvers may still hold: the value before the change, or the proof that there was none."""
    zones = {record.id: plan.zone(record.zone) for record in plan.records}
    resources = {record.id: state.record(record.resource) for record in plan.records}
    # By name and type: an id has the link's key in it, and renaming a key changes nothing outside.
    old_records = {(record["name"], record["type"]): record for record in (previous or {}).get("records", [])}
    carried = {entry["record"]: entry for entry in (previous or {}).get("previous", [])}
    entries = []
    for record in records:
        id_, zone, resource = record["id"], zones[record["id"]], resources[record["id"]]
        changed_at = record["changed_at"]
        if changed_at is None or resource is None:
            continue
        old = old_records.get((record["name"], record["type"]))
        kept = carried.get(old["id"] if old is not None else id_)
        negative = NEGATIVE_TTL_SECONDS[zone.dns]
        if old is None:
            entry = kept or _entry(
                id_,
                (),
                "as-declared",
                absent=True,
                ttl=negative,
                negative=negative,
                changed_at=resource.created or changed_at,
            )
        elif (old["values"], old.get("served")) != (record["values"], record["served"]):
            ttl = old.get("ttl_seconds") or record_ttl_seconds(resource)
            entry = _entry(
                id_,
                old["values"],
                old.get("served", "as-declared"),
                absent=False,
                ttl=ttl,
                negative=negative,
                changed_at=changed_at,
            )
        elif kept is not None:
            entry = {**kept, "record": id_}
        else:
            continue
        if not _is_over(entry, zone.propagation_seconds, now):
            entries.append(entry)
    return entries


def _entry(
    id_: str, values: Any, served: str, *, absent: bool, ttl: int, negative: int, changed_at: str
) -> dict[str, Any]:
    return {
        "record": id_,
        "values": list(values),
        "absent": absent,
        "served": served,
        "ttl_seconds": ttl,
        "negative_ttl_seconds": negative,
        "changed_at": changed_at,
    }


def _is_over(entry: dict[str, Any], propagation_seconds: int, now: datetime) -> bool:
    """Whether nobody can hold the old answer any more; a day is added for clocks and for people who look later."""
    longest = max(entry["ttl_seconds"], entry["negative_ttl_seconds"]) + propagation_seconds
    return datetime.fromisoformat(entry["changed_at"]) + timedelta(seconds=longest, days=1) < now


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
