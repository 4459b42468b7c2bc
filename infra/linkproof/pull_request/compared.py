"""One environment before and after, link by link: what changes, its risk, what the guard says of it, how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from linkproof.declaration.model import Declaration
from linkproof.declaration.past import compare
from linkproof.declaration.problem import Problem
from linkproof.plan.build import build
from linkproof.plan.diff import Change, diff_plans
from linkproof.plan.model import Plan, PlannedHost, PlannedLink
from linkproof.plan.words import clicks
from linkproof.pull_request import risk
from linkproof.pull_request.duration import of_changes
from linkproof.pull_request.stacks import Pair

SHARED = "shared by several"
# The changes that an entry's old and new path ask for.
_OfPaths = Callable[[str | None, str | None], tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Row:
    """One link, one tracking host, or what several share.

    Args:
        name: its key.
        host: empty for what is shared.
        step: from phase to phase, or what else it does: `branded → ready`, `stays live`, `new, branded`, `leaves`.
        said: what it means for a click, as `diff` says it.
        refused: by the guard, as far as the base tells; warnings too.
        takes: how long; empty where nothing waits.
    """

    name: str
    host: str
    step: str
    said: tuple[str, ...]
    changes: tuple[Change, ...]
    risk: risk.Risk
    refused: tuple[Problem, ...]
    takes: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One environment.

    Args:
        problems: errors for which the head cannot be planned, then nothing else is known; else the warnings that it adds.
        unreadable: the base has errors, by which nothing could be compared.
    """

    pair: Pair
    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    unreadable: tuple[Problem, ...] = ()

    @property
    def is_refused(self) -> bool:
        return any(problem.is_error for row in self.rows for problem in row.refused)

    @property
    def has_errors(self) -> bool:
        return any(problem.is_error for problem in self.problems) or bool(self.unreadable)


def compared(pair: Pair) -> Compared:
    """What the head would change of the base."""
    base, head = pair.base.declaration, pair.head.declaration
    problems = () if pair.is_gone else pair.head.problems
    if base is None or head is None:
        return Compared(pair, problems=problems, unreadable=() if base is not None else pair.base.errors)
    known = {(problem.rule, problem.path, problem.message) for problem in pair.base.problems}
    new = (problem for problem in problems if (problem.rule, problem.path, problem.message) not in known)
    return Compared(pair, tuple(_rows(base, head)), tuple(new))


def _rows(base: Declaration, head: Declaration) -> Iterator[Row]:
    before, after = build(base), build(head)
    changes = diff_plans(before, after)
    judged = compare(base, head)
    said = list(clicks(before, after))
    taken: set[int] = set()

    def of_paths(old: str | None, new: str | None) -> tuple[Change, ...]:
        mine = [change for change in changes if _below(change.path, old if change.step == "delete" else new)]
        taken.update(map(id, mine))
        return tuple(mine)

    was = {link.click_host: link for link in before.links}
    now = {link.click_host: link for link in after.links}
    placed: set[int] = set()
    for host in dict.fromkeys([*now, *was]):
        old, new = was.get(host), now.get(host)
        mine = of_paths(old.path if old else None, new.path if new else None)
        about = tuple(line.removeprefix(f"{host}: ") for line in said if line.startswith(f"{host}: "))
        refused = _judged(judged, (new or old), placed)
        if mine or about or refused or (old and new and old.phase != new.phase):
            level = risk.of_link(
                old,
                new,
                mine,
                clicks_move=bool(about) and _moves(old, new),
                is_refused=any(one.is_error for one in refused),
            )
            key = (new or old).key  # type: ignore[union-attr]  # one of the two has the host
            yield Row(key, host, _step(old, new), about, mine, level, refused, of_changes(mine, before, after))
    yield from _hosts(before, after, said, judged, placed, of_paths)
    rest = tuple(change for change in changes if id(change) not in taken)
    others = tuple(problem for problem in judged if id(problem) not in placed)
    if rest or others:
        level = risk.of_others(rest, is_refused=any(problem.is_error for problem in others))
        yield Row(SHARED, "", "", (), rest, level, others, of_changes(rest, before, after))


def _hosts(
    before: Plan, after: Plan, said: Sequence[str], judged: Sequence[Problem], placed: set[int], of_paths: _OfPaths
) -> Iterator[Row]:
    was, now = ({host.host: host for host in plan.hosts} for plan in (before, after))
    for host in dict.fromkeys([*now, *was]):
        old, new = was.get(host), now.get(host)
        mine = of_paths(old.path if old else None, new.path if new else None)
        about = tuple(line.removeprefix(f"{host}: ") for line in said if line.startswith(f"{host}: "))
        refused = _judged(judged, (new or old), placed)
        states = [one.state or "in-use" if one is not None else "" for one in (old, new)]
        if mine or about or refused or states[0] != states[1]:
            level = risk.of_others(mine, is_refused=any(problem.is_error for problem in refused))
            if new is None or (old is not None and old.is_published and not new.is_published):
                level = risk.Risk("high", "pages that still use it measure nothing")
            key = (new or old).key  # type: ignore[union-attr]  # one of the two has the host
            yield Row(key, host, _between(*states), about, mine, level, refused, of_changes(mine, before, after))


def _judged(
    judged: Sequence[Problem], entry: PlannedLink | PlannedHost | None, placed: set[int]
) -> tuple[Problem, ...]:
    """What the guard says of one entry: by its path, or by its host where it has left the file."""
    assert entry is not None
    host = entry.click_host if isinstance(entry, PlannedLink) else entry.host
    mine = [
        problem
        for problem in judged
        if id(problem) not in placed and (_below(problem.path, entry.path) or problem.message.startswith(f"{host} "))
    ]
    placed.update(map(id, mine))
    return tuple(mine)


def _below(path: str, key: str | None) -> bool:
    return key is not None and (path == key or path.startswith(f"{key}."))


def _moves(old: PlannedLink | None, new: PlannedLink | None) -> bool:
    """Whether somebody else answers: what `clicks` says of a link that stays, but for a change of scheme."""
    if old is None or new is None:
        return False
    return not (old.edge_provider == new.edge_provider and {old.phase, new.phase} == {"live", "secured"})


def _step(old: PlannedLink | None, new: PlannedLink | None) -> str:
    return _between(old.phase if old else "", new.phase if new else "")


def _between(before: str, after: str) -> str:
    if not before:
        return f"new, {after}"
    if not after:
        return f"leaves, from {before}"
    return f"stays {after}" if before == after else f"{before} → {after}"
