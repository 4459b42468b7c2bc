"""Phases: one step per deployment, and a link leaves only from `branded`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from linkproof.contract.declared import PHASES, Link
from linkproof.contract.guard import Refusal
from linkproof.declaration.model import Declaration
from linkproof.declaration.past import phases_of
from linkproof.engine.guard.deployed import Deployed, is_the_senders_own, show
from linkproof.engine.guard.step import Step


def judge_step(deployed: Deployed, declaration: Declaration) -> Iterator[Refusal]:
    """At most one refusal."""
    link, past = deployed.link, deployed.past
    if link is None:
        if past and past != {"branded"}:
            yield Refusal(
                "phase.leaves-in-use",
                deployed.host,
                f"the link leaves the declaration in phase {deployed.shown}: its edge would go with its record",
                "put the link back and step it to branded, one phase a deployment; then remove it",
            )
        return
    # Where the click host never leaves the sender, whether it may be left is the edge's question.
    said, way = deployed.said, phases_of(link, declaration)
    from_sender = said is not None and is_the_senders_own(said) and (past == {"secured"} or deployed.stays_at_own_edge)
    steps: frozenset[str] = past - {"secured"} if from_sender else past
    skipped = frozenset(phase for phase in steps if not _is_step(phase, link, way))
    if skipped:
        yield Refusal(
            "phase.skipped",
            deployed.host,
            f"{show(skipped)} → {link.phase} is more than one step",
            f"deploy {' → '.join(_between(min(skipped), link.phase))} one at a time, with `linkproof verify` after each",
        )


def steps_of(links: Iterable[Deployed]) -> list[Step]:
    """Every link that steps, in the declaration's order; those that stay where they are are left out."""
    return [
        Step(
            one.link.key if one.link else None,
            one.host,
            one.shown or None,
            one.link.phase if one.link else None,
        )
        for one in links
        if (one.past if one.link is None else one.past != {one.link.phase})
    ]


def _is_step(phase: str, link: Link, way: tuple[str, ...]) -> bool:
    """One step forwards, back, or none, on the way that the link's edge has; from a phase that it has not it is the edge's question."""
    if phase not in way:
        return True
    return link.phase in way and abs(way.index(phase) - way.index(link.phase)) <= 1


def _between(start: str, end: str) -> list[str]:
    first, last = PHASES.index(start), PHASES.index(end)
    step = 1 if last > first else -1
    return [PHASES[n] for n in range(first, last + step, step)]
