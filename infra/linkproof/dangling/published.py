"""Every name that a stack declares, holds or ever published: from the plan, the state and the history of its records."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.state import State
from linkproof.dangling.judge import Published
from linkproof.history.read import read_history
from linkproof.plan.model import Plan

# Only a record that leads somewhere can dangle.
_LEADING = ("CNAME", "A", "AAAA")


def published(plan: Plan, state: State) -> tuple[Published, ...]:
    """Each once: what clicks arrive at first."""
    found: dict[str, Published] = {}
    for one in (*_declared(plan), *_once(state, plan)):
        found.setdefault(one.name, one)
    return tuple(found.values())


def _declared(plan: Plan) -> Iterator[Published]:
    in_use = {link.click_host for link in plan.links if link.phase in PHASES_AT_EDGE}
    names = {record.resource: record for record in plan.records}
    for record in names.values():
        # a late name (of a validation record) leads to no address, and its value is the proof
        if record.type in _LEADING and record.resolve == "address" and isinstance(record.name, str):
            yield Published(record.name, record.zone, is_declared=True, is_in_use=record.name in in_use)


def _once(state: State, plan: Plan) -> Iterator[Published]:
    """What the history or the state has and the declaration has no more."""
    history = read_history(state)
    keys = {*history.now, *history.past, *history.since}
    keys |= {resource.name for resource in (*state.resources, *state.leaving) if state.is_record(resource)}
    keys -= {record.resource for record in plan.records}  # declared: a proof, or an address of one's own, leads nowhere
    zones = [zone.name.text for zone in plan.zones]
    for key in sorted(keys):
        name, _, rtype = key.rpartition("/")
        if rtype in _LEADING and name:
            above = [zone for zone in zones if name == zone or name.endswith(f".{zone}")]
            yield Published(name, max(above, key=len, default="its zone"), is_declared=False)
