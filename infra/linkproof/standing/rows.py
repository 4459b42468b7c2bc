"""Each link and tracking host as it stands: its phase, its certificate's days, what is next, and what waits until when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.declaration.successors import kept
from linkproof.engine.guard.draining import Draining, drains_by_host
from linkproof.history.read import History, read_history
from linkproof.plan.build import build
from linkproof.plan.diff import changes_of_next_phase, next_phase
from linkproof.plan.model import PlannedLink
from linkproof.standing.reported import certificate_dates


@dataclass(frozen=True, slots=True)
class Row:
    """One link, or one tracking host.

    Args:
        phase: as declared; empty for a tracking host.
        deployed: the phase that the last finished deployment had; empty where it had none, or nobody knows.
        edge: its provider; empty without one.
        standby: the provider of the edge that is kept ready beside it; empty without one.
        days_left: of its certificate at the last verification; None where none was seen.
        next: the next phase; empty at the end of its way, and without an edge.
        next_changes: what that step changes, a line for each.
        kept: until when it lives for mail already sent, and that it may go after that; empty where new mail has it.
        drains: the provider of an edge that clicks have left and that still stays; empty without one.
        drains_until: when that one may go, whoever still comes, aware; None without one.
        waits_until: when the last answer that resolvers may hold of an earlier value dies, aware; None where none lives.
    """

    key: str
    host: str
    sender: str
    phase: str
    deployed: str
    edge: str
    days_left: int | None = None
    next: str = ""
    next_changes: tuple[str, ...] = ()
    waits_until: datetime | None = None
    kept: str = ""
    standby: str = ""
    drains: str = ""
    drains_until: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "host": self.host,
            "sender": self.sender,
            "phase": self.phase or None,
            "deployed": self.deployed or None,
            "edge": self.edge or None,
            "standby": self.standby or None,
            "certificate_days_left": self.days_left,
            "next": {"phase": self.next, "changes": list(self.next_changes)} if self.next else None,
            "kept": self.kept or None,
            "drains": {"edge": self.drains, "until": self.drains_until.isoformat()} if self.drains_until else None,
            "waits_until": self.waits_until.isoformat() if self.waits_until else None,
        }


@dataclass(frozen=True, slots=True)
class Standing:
    """A stack at a glance.

    Args:
        verdict: of the last verification; empty where there was none.
        verified_at: when it was, aware.
        unknown: why something is not known, in words.
    """

    stack: str
    rows: tuple[Row, ...]
    verdict: str = ""
    verified_at: datetime | None = None
    unknown: tuple[str, ...] = ()

    def by_phase(self) -> dict[str, int]:
        """How many links stand in each phase, in the order of the road."""
        found: dict[str, int] = dict.fromkeys(("branded", "ready", "live", "secured"), 0)
        for row in self.rows:
            if row.phase:
                found[row.phase] += 1
        return {phase: number for phase, number in found.items() if number}

    def to_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "stack": self.stack,
            "verdict": self.verdict or None,
            "verified_at": self.verified_at.isoformat() if self.verified_at else None,
            "phases": self.by_phase(),
            "rows": [row.to_json() for row in self.rows],
            "unknown": list(self.unknown),
        }


def standing(
    stack: str,
    declaration: Declaration,
    state: State | None,
    verified: Mapping[str, Any],
    verified_at: datetime | None,
    now: datetime,
    unknown: tuple[str, ...] = (),
) -> Standing:
    """What stands.

    Args:
        state: as the last deployment left it; None where it cannot be read.
        verified: the last report of `verify`; empty where there is none.
        verified_at: when it was written.
        now: aware.
        unknown: why `state` is None, and the like.
    """
    plan = build(declaration)
    history = read_history(state) if state is not None else None
    ends = {host: end for host, (_, end) in certificate_dates(verified).items()}
    said = (state.outputs.get("links") if state is not None else None) or {}
    draining = drains_by_host(declaration, state, now) if state is not None else {}
    rows = [
        _link_row(declaration, link, state, history, said, ends.get(link.click_host), draining, now)
        for link in plan.links
    ]
    rows += [
        Row(host.key, host.host, host.provider, "", "", "", _days(ends.get(host.host), now)) for host in plan.hosts
    ]
    if not verified:
        unknown = (*unknown, f"nothing was verified yet: run `linkproof verify {stack}`")
    left = verified.get("not_asked")
    if isinstance(left, dict) and left.get("count"):
        unknown = (*unknown, f"the last verification asked a part: {left['count']} of {left.get('of')} were not asked")
    return Standing(stack, tuple(rows), str(verified.get("verdict") or ""), verified_at, unknown)


def _link_row(
    declaration: Declaration,
    planned: PlannedLink,
    state: State | None,
    history: History | None,
    said: Mapping[str, Any],
    ends: datetime | None,
    draining: Mapping[str, Draining],
    now: datetime,
) -> Row:
    link = declaration.links[planned.key]
    following = next_phase(link, declaration)
    entry = said.get(planned.key)
    drain = draining.get(planned.click_host)
    deployed = entry.get("phase") if isinstance(entry, dict) and entry.get("click_host") == planned.click_host else None
    return Row(
        planned.key,
        planned.click_host,
        planned.sender,
        planned.phase,
        str(deployed or ""),
        planned.edge_provider or "",
        _days(ends, now),
        following.phase if following is not None else "",
        tuple(str(change) for change in changes_of_next_phase(declaration, link)),
        _old_answers_until(declaration, planned, state, history, now),
        kept(link, declaration, now.date()) if link.successor is not None else "",
        planned.standby_provider or "",
        ", ".join(sorted(drain.edges)) if drain is not None else "",
        drain.until if drain is not None else None,
    )


def _old_answers_until(
    declaration: Declaration, planned: PlannedLink, state: State | None, history: History | None, now: datetime
) -> datetime | None:
    """The end of every value that the click record served before, with the TTL that it had then."""
    if state is None or history is None:
        return None
    key = f"{planned.click_host}/CNAME"
    record = state.record(key)
    if record is None:
        return None
    propagation = declaration.zone_of(declaration.links[planned.key].click_host).propagation_seconds
    found = [
        (once.until or now) + timedelta(seconds=once.ttl_seconds + propagation) for once in history.once(key, record)
    ]
    latest = max(found, default=None)
    return latest if latest is not None and latest > now else None


def _days(end: datetime | None, now: datetime) -> int | None:
    return None if end is None else (end - now).days
