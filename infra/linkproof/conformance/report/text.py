"""The run as text: what is broken first, then what was not asked, and one line for what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linkproof.verify.report.escape import printable

if TYPE_CHECKING:
    from linkproof.conformance.run.found import Conformance, Outcome

_MOST_FAULTS = 5
_WIDTH = 24


def lines(run: Conformance) -> Iterator[str]:
    for must in (True, False):
        for one in run.of("broken", must=must):
            yield from _broken(one)
    for one in run.of("not asked"):
        yield f"not asked  {one.requirement.id:<{_WIDTH}} ({one.requirement.strength}) {printable(one.why)}"
    for one in run.outcomes:
        for note in one.notes:
            yield f"note       {one.requirement.id:<{_WIDTH}} {printable(note)}"
    kept = [one.requirement.id for one in run.of("kept")]
    if kept:
        yield f"kept       {', '.join(kept)}"
    yield (
        f"{printable(run.host)}: {run.verdict}; {len(kept)} kept, {len(run.of('broken', must=True))} musts and"
        f" {len(run.of('broken', must=False))} shoulds broken, {len(run.of('not asked'))} not asked"
    )


def _broken(one: Outcome) -> Iterator[str]:
    requirement = one.requirement
    yield f"broken     {requirement.id:<{_WIDTH}} ({requirement.strength}) {requirement.says}"
    yield f"           {'':<{_WIDTH}} {requirement.harm}: {requirement.because}"
    for fault in one.faults[:_MOST_FAULTS]:
        yield f"           sent {printable(fault.sent, 400)}"
        yield f"             expected {printable(fault.expected, 400)}"
        yield f"             seen     {printable(fault.seen, 600)}"
    if len(one.faults) > _MOST_FAULTS:
        yield f"           and {len(one.faults) - _MOST_FAULTS} more (--json has them all)"
