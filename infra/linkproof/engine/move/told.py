"""What a move does, for people and as a document. Pure."""

from __future__ import annotations

from linkproof.engine.move.declared import Declared
from linkproof.engine.move.journal import Journal
from linkproof.engine.move.rehearsal import Rehearsed
from linkproof.engine.move.resources import Moving
from linkproof.words import counted


def in_words(journal: Journal, moving: Moving, rehearsed: Rehearsed, declared: Declared) -> list[str]:
    """Before it is made, once it was rehearsed."""
    lines = [f"{journal.names}: {journal.source} → {journal.target}"]
    lines += [
        f"  state: {urn.rpartition('::')[2]} ({urn.split('::')[2].rpartition('$')[2]})" for urn in moving.all_urns
    ]
    lines += [f"  history: {key}" for key in moving.records]
    lines += [f"  {journal.files[0][0]}: + {'.'.join(entry)}" for entry in declared.new]
    lines += [f"  {journal.files[1][0]}: - {'.'.join(entry)}" for entry in declared.gone]
    lines.append(
        f"tried on copies: the next deployment of {journal.target} marks {counted(len(rehearsed.marked), 'object')} as its own"
    )
    lines += [f"  {line}" for line in rehearsed.said]
    if not rehearsed.said:
        lines.append("  and nothing else changes in either stack")
    return lines


def document(journal: Journal, moving: Moving, rehearsed: Rehearsed, *, moved: bool) -> dict[str, object]:
    """Of `--json`."""
    return {
        "version": 1,
        "links": list(journal.links),
        "tracking_hosts": list(journal.hosts),
        "from": journal.source,
        "to": journal.target,
        "resources": list(moving.all_urns),
        "history": list(moving.records),
        "marked": list(rehearsed.marked),
        "says": list(rehearsed.said),
        "moved": moved,
    }
