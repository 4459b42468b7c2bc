"""Plan + state → `expectations.json`: what is late is bound, and what records served before gets its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from linkproof import registry
from linkproof.contract.items import Record
from linkproof.contract.state import Resource, State
from linkproof.contract.values import Late
from linkproof.expectations.derive import derive
from linkproof.history.read import UNKNOWN_TTL_SECONDS, History, Once, read_history
from linkproof.history.served import late_of
from linkproof.plan.model import Plan

# So long after its declaration people may still be about to publish a record of a manual zone.
HANDED_OVER = timedelta(days=7)


def join(plan: Plan, state: State, *, stack: str, now: datetime) -> dict[str, Any]:
    """The whole document, as design and schema have it.

    Args:
        plan: of the declaration as it is now.
        state: of the engine, after a deployment that may have failed. The history of the records is in it.
        now: aware, UTC.
    """
    document = derive(plan, lambda late: late_value(late, state))
    document["pending"] += _unfinished(plan, document, state, stack)
    changed = _changed_at(plan, state)
    for record in document["records"]:
        record["changed_at"] = changed.get(record["id"])
    return {
        "version": 1,
        "stack": stack,
        "written_at": _text(now),
        **{key: document[key] for key in ("zones", "records", "caa", "endpoints", "pending")},
        "previous": _previous(plan, document["records"], state, now),
    }


def late_value(late: Late, state: State) -> str | None:
    """What a late-bound reference turned out to be; None while nobody knows."""
    for maker in registry.makers():
        value = maker.state.late(late, state) if maker.state is not None else None
        if value is not None:
            return value
    return None


def _unfinished(plan: Plan, document: dict[str, Any], state: State, stack: str) -> list[dict[str, str]]:
    """A deployment that failed or never ran is said, so that nothing passes as proven."""
    up = f"`linkproof deploy {stack}`"
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
    return [
        item.resource
        for item in plan.items
        if item.is_ours
        and (state.record(item.resource) if isinstance(item, Record) else state.find(item.engine_type, item.resource))
        is None
    ]


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" …" if len(names) > 5 else "")


def _changed_at(plan: Plan, state: State) -> dict[str, str]:
    found = {record.id: state.record(record.resource) for record in plan.records}
    return {id_: resource.modified for id_, resource in found.items() if resource is not None and resource.modified}


def _previous(plan: Plan, records: list[dict[str, Any]], state: State, now: datetime) -> list[dict[str, Any]]:
    """What resolvers may still hold: everything that each record served before, and the proof that there was none.

    Of one record there may be several; the one that ended last comes last.
    """
    history = read_history(state)
    planned = {record.id: record for record in plan.records}
    entries = []
    for record in records:
        item = planned[record["id"]]
        zone, resource = plan.zone(item.zone), state.record(item.resource)
        is_manual = registry.dns(zone.dns).is_by_hand
        negative = registry.dns(zone.dns).facts.NEGATIVE_TTL_SECONDS
        if resource is None and not (is_manual and state.resources):
            continue
        found = [
            entry
            for once in history.once(item.resource, resource)
            if (entry := _before(record, once, negative, state, history, item.resource, now))
        ]
        absent = _absent(record["id"], resource, history, item.resource, negative)
        found += [absent] if absent is not None else []
        if is_manual:
            followed = now - timedelta(seconds=zone.propagation_seconds)
            found = [{**entry, "changed_at": _published(entry["changed_at"], followed)} for entry in found]
        found.sort(key=lambda entry: datetime.fromisoformat(entry["changed_at"]))
        entries += [entry for entry in found if not _is_over(entry, zone.propagation_seconds, now)]
    return entries


def _before(
    record: dict[str, Any], once: Once, negative: int, state: State, history: History, key: str, now: datetime
) -> dict[str, Any] | None:
    """One thing that the record served; None where an answer of then looks like one of now and lives no longer."""
    entry = {
        "record": record["id"],
        "values": [],
        "absent": False,
        "unknown": True,
        "served": "as-declared",
        "ttl_seconds": UNKNOWN_TTL_SECONDS,
        "negative_ttl_seconds": negative,
        "changed_at": _text(once.until or now),
    }
    if once.served is None:
        return entry
    values = [_bound(value, state) for value in once.served.values]
    entry |= {"served": once.served.served, "ttl_seconds": once.served.ttl_seconds}
    if None in values:
        return entry  # what it led to is gone: whatever an answer of then says can't be known
    current = history.current(key)
    looks_the_same = (values, once.served.served) == (record["values"], record["served"])
    if looks_the_same and current is not None and once.served.ttl_seconds <= current.ttl_seconds:
        return None
    return {**entry, "values": values, "unknown": False}


def _absent(id_: str, resource: Resource | None, history: History, key: str, negative: int) -> dict[str, Any] | None:
    """That there was no record before, where a deployment of ours is known to have made the first one."""
    since = history.since.get(key)
    if resource is None or resource.created is None or resource.import_id is not None or since is None:
        return None
    if key in history.unknown:
        return None  # adopted: it was there before
    if datetime.fromisoformat(resource.created) < since:
        return None
    return {
        "record": id_,
        "values": [],
        "absent": True,
        "unknown": False,
        "served": "as-declared",
        "ttl_seconds": negative,
        "negative_ttl_seconds": negative,
        "changed_at": resource.created,
    }


def _published(declared_at: str, followed: datetime) -> str:
    """In a manual zone: nobody knows when people published a change; for some days after its declaration it may be just now.

    Args:
        followed: a change of then has reached all servers by now: a server with the old value is not late, but was not told,
            while a resolver may have asked one of them a moment ago.
    """
    return declared_at if datetime.fromisoformat(declared_at) + HANDED_OVER < followed else _text(followed)


def _bound(value: str, state: State) -> str | None:
    late = late_of(value)
    return value if late is None else late_value(late, state)


def _is_over(entry: dict[str, Any], propagation_seconds: int, now: datetime) -> bool:
    """Whether nobody can hold the old answer any more; a day is added for clocks and for people who look later."""
    longest = max(entry["ttl_seconds"], entry["negative_ttl_seconds"]) + propagation_seconds
    return datetime.fromisoformat(entry["changed_at"]) + timedelta(seconds=longest, days=1) < now


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
