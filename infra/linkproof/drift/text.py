"""A night for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linkproof.drift.model import Item, StackDrift
from linkproof.verify.report.escape import printable


def lines(stacks: Sequence[StackDrift], *, has_told_errors: bool = False) -> Iterator[str]:
    """What is not as declared, the worst first; one line a comparison at the end.

    Args:
        has_told_errors: why a stack could not be compared stands on standard error already.
    """
    for stack in stacks:
        yield from _of_stack(stack, has_told_errors=has_told_errors)


def _of_stack(stack: StackDrift, *, has_told_errors: bool) -> Iterator[str]:
    yield f"Drift of {stack.stack}"
    if stack.refused and has_told_errors:
        yield "  not compared: see the error"
        return
    if stack.refused:
        yield f"  error: {printable(stack.refused, 2000)}"
        yield from ([f"  fix: {printable(stack.fix)}"] if stack.fix else [])
        return
    for item in stack.items:
        yield from _of_item(item)
    for note in stack.notes:
        yield f"  note: {printable(note)}"
    for comparison, is_whole in stack.compared.items():
        mine = [item for item in stack.items if item.comparison == comparison]
        counts = {kind: sum(item.kind == kind for item in mine) for kind in dict.fromkeys(item.kind for item in mine)}
        said = ", ".join(f"{number} {kind}" for kind, number in counts.items()) or "the same"
        yield f"  {comparison}: {said}{'' if is_whole else '; not all of it was compared'}"


def _of_item(item: Item) -> Iterator[str]:
    what = printable(item.subject) + (f": {printable(item.path)}" if item.path else "")
    links = f"  ({', '.join(item.links)})" if item.links else ""
    yield f"  {item.kind}  {what}{links}"
    if item.expected or item.observed:
        left, right = item.comparison.split(" = ")
        yield f"    {left} {printable(item.expected)}, {right} {printable(item.observed)}"
    if item.why:
        yield f"    {printable(item.why)}"
    for line in item.seen:
        yield f"    {printable(line)}"
    if item.acceptance:
        said = item.acceptance
        yield f"    accepted by {printable(said['owner'])} until {said['until']}: {printable(said['reason'])}"
    if item.note:
        yield f"    {printable(item.note)}"
    if item.fix and not item.acceptance:
        yield f"    fix: {printable(item.fix)}"
