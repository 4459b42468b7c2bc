"""The body of the one issue: a marker, a table of what is not as declared, then the details; empty on a quiet night."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from linkproof.drift.document import marker
from linkproof.drift.model import Item, StackDrift
from linkproof.verify.report.markdown import MAX_CHARACTERS, escaped


def render(stacks: Sequence[StackDrift], at: datetime) -> str:
    """At most as long as an issue may be; what does not fit is counted.

    Args:
        at: aware.
    """
    if all(stack.is_quiet for stack in stacks):
        return ""
    head = f"{marker(stacks)}\nAs of {at.astimezone(UTC):%Y-%m-%d %H:%M} UTC. This issue is rewritten each night, and closed once nothing is left.\n"
    parts = [part for stack in stacks for part in _parts(stack)]
    text, left = head, 0
    for part in parts:
        if left or len(text) + len(part) > MAX_CHARACTERS - 200:
            left += 1
        else:
            text += part
    return text + (f"\n{left} more parts were cut: the JSON report has them.\n" if left else "")


def _parts(stack: StackDrift) -> Iterator[str]:
    yield f"\n### {escaped(stack.stack)}\n\n"
    if stack.refused:
        yield f"It could not be compared: {escaped(stack.refused, 2000)}\n\nFix: {escaped(stack.fix)}\n"
        return
    if not stack.items:
        yield "Nothing: code, state, cloud and world are the same.\n"
        return
    yield "| | what | compared | is to be | is | links |\n|---|---|---|---|---|---|\n"
    for item in stack.items:
        yield _row(item)
    yield "\n"
    for item in stack.items:
        if item.kind != "accepted":
            yield _detail(item)
    for note in stack.notes:
        yield f"\n{escaped(note)}\n"


def _row(item: Item) -> str:
    what = escaped(item.subject) + (f": {escaped(item.path)}" if item.path else "")
    cells = (
        item.kind,
        what,
        item.comparison,
        escaped(item.expected),
        escaped(item.observed),
        escaped(", ".join(item.links)),
    )
    return f"| {' | '.join(cells)} |\n"


def _detail(item: Item) -> str:
    said = [f"**{escaped(item.subject)}**", *([escaped(item.path)] if item.path else []), escaped(item.why)]
    lines = [f"* {' · '.join(part for part in said if part)}"]
    lines += [f"  * {escaped(line)}" for line in (*item.seen, item.note) if line]
    lines += [f"  * fix: {escaped(item.fix)}"] if item.fix else []
    lines += [f"  * declared at {escaped(item.place)}"] if item.place else []
    return "\n".join(lines) + "\n"
