"""What stands, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linkproof.standing.rows import Row, Standing
from linkproof.words import counted

_HEADS = ("link", "host", "phase", "edge", "certificate", "next", "waits until")


def lines(found: Standing) -> Iterator[str]:
    """A line for each link under a head, then what is next to be known."""
    table = [_HEADS, *(_cells(row) for row in found.rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEADS))]
    for line in table:
        yield "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
    if not found.rows:
        yield "nothing is declared yet"
    yield ""
    for row in found.rows:
        if row.kept:
            yield f"{row.key} is kept {row.kept}"
    for row in found.rows:
        if row.drains_until:
            yield f"{row.key}: clicks have left its {row.drains} edge, which stays for those who still come until {when(row.drains_until)}"
    phases = ", ".join(f"{number} {phase}" for phase, number in found.by_phase().items())
    yield f"{counted(sum(found.by_phase().values()), 'link')}: {phases}" if phases else "no links"
    if found.verdict:
        at = f", {when(found.verified_at)}" if found.verified_at else ""
        yield f"last verified: {found.verdict}{at}"
    for reason in found.unknown:
        yield f"not known: {reason}"


def phase_of(row: Row) -> str:
    """As declared; with what is deployed where that is another."""
    if row.deployed == row.phase or not row.phase:
        return row.phase or "–"
    return f"{row.phase} (deployed: {row.deployed or 'nothing'})"


def when(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _cells(row: Row) -> tuple[str, ...]:
    days = "–" if row.days_left is None else f"{row.days_left} days"
    waits = when(row.waits_until) if row.waits_until else "–"
    edge = f"{row.edge} ({row.standby} stands by)" if row.standby else row.edge
    return (row.key, row.host, phase_of(row), edge or "–", days, row.next or "–", waits)
