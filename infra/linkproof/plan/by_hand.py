"""What people must publish: the records of zones that we may not write, with their real values where those are known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from linkproof import registry
from linkproof.contract.values import Late, Value
from linkproof.plan.model import Plan

LateValue = Callable[[Late], str | None]


@dataclass(frozen=True, slots=True)
class HandRecord:
    """One record in the form of a zone file; `name` and `value` are fully qualified, or say what they will be.

    Args:
        missing: what has to be deployed before the record is known; empty once it can be published.
    """

    zone: str
    name: str
    type: str
    ttl_seconds: int
    value: str
    missing: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.ttl_seconds} IN {self.type} {self.value}"


def nothing_known(late: Late) -> None:
    """Before any deployment."""
    del late


def by_hand(plan: Plan, late: LateValue = nothing_known) -> tuple[HandRecord, ...]:
    """Every record of a zone that people write, in the plan's order."""
    zones = {zone.name.text for zone in plan.zones if registry.dns(zone.dns).is_by_hand}
    records = []
    for record in plan.records:
        if record.zone in zones:
            (name, no_name), (value, no_value) = _shown(record.name, late), _shown(record.value, late)
            name = name if name.endswith(".") or no_name else f"{name}."
            records.append(HandRecord(record.zone, name, record.type, record.ttl_seconds, value, no_name or no_value))
    return tuple(records)


def _shown(value: Value, late: LateValue) -> tuple[str, str]:
    """The text, and what it waits for."""
    if not isinstance(value, Late):
        return value, ""
    known = late(value)
    return (str(value), str(value).strip("<>")) if known is None else (known, "")
