"""How long a change takes to be true everywhere, as far as the declaration tells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from linkproof.contract.items import Record
from linkproof.plan.diff import Change
from linkproof.plan.model import Plan
from linkproof.pull_request.risk import PROVED


def of_changes(changes: Sequence[Change], before: Plan, after: Plan) -> str:
    """What the deployment waits for, and until when resolvers may give the old answer; empty where nothing waits."""
    made = list(dict.fromkeys(change.kind for change in changes if change.step == "create" and _is_object(change)))
    waits = [f"the deployment waits for {' and '.join(made)}"] if made else []
    old = max(_old_answers(changes, before, after), default=0)
    return "; ".join([*waits, *([f"old answers live up to {in_words(old)} after it"] if old else [])])


def _is_object(change: Change) -> bool:
    return change.kind not in PROVED | {"record"}


def _old_answers(changes: Sequence[Change], before: Plan, after: Plan) -> Iterable[int]:
    """For each record that had another answer: as long as it may be cached, after the DNS host's last server has the new one."""
    records: dict[str, Record] = {record.resource: record for record in before.records}
    for change in changes:
        if change.kind != "record" or change.step == "create" or (change.fields and not _is_answered(change)):
            continue
        record = records.get(change.what.partition(" → ")[0])
        if record is None:
            continue
        zones = [zone for zone in (*before.zones, *after.zones) if zone.name.text == record.zone]
        yield record.ttl_seconds + max((zone.propagation_seconds for zone in zones), default=0)


def _is_answered(change: Change) -> bool:
    """Whether a field differs that an answer shows; what the engine protects none does."""
    return any(name != "protect" for name, _, _ in change.fields)


def in_words(seconds: int) -> str:
    """`90 s`, `6 min`, `1 h 30 min`: rounded up to a minute from two minutes on."""
    if seconds < 120:
        return f"{seconds} s"
    hours, minutes = divmod(-(-seconds // 60), 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
