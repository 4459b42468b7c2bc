"""What a move is about to write, kept in the project until all of it is written: killed at any point, the next run ends it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from linkproof.discover.file import DeclarationFile
from linkproof.engine.cli import Engine
from linkproof.engine.move.states import renamed
from linkproof.errors import LinkproofError
from linkproof.history.keep import HISTORY_TYPE
from linkproof.project import Project

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Journal:
    """One move, whole.

    Args:
        links: keys, as `hosts` of tracking hosts.
        urns: of what moves, as the first stack has them.
        before: a digest of each stack's state, the first stack's first; `after`: the states to be.
        files: path below the project's root, the text before, and the text to be; the second stack's first.
    """

    source: str
    target: str
    links: tuple[str, ...]
    urns: tuple[str, ...]
    before: tuple[str, str]
    after: tuple[Document, Document]
    files: tuple[tuple[str, str, str], ...]
    hosts: tuple[str, ...] = ()

    @property
    def names(self) -> str:
        """For people."""
        return ", ".join((*self.links, *self.hosts))


class ChangedMeanwhileError(LinkproofError):
    """Somebody has changed what a move that was interrupted is still to write."""

    def __init__(self, what: str, journal: Path) -> None:
        super().__init__(
            f"{what} was changed since the move began, and the move is half done",
            f"put it back as it was (its history has it) and run `linkproof move` again; {journal} has what is to be",
        )


def journal_file(project: Project) -> Path:
    return project.root / ".linkproof" / "move.json"


def read_journal(project: Project) -> Journal | None:
    """The move that was interrupted; None where there is none."""
    try:
        found = json.loads(journal_file(project).read_text())
    except FileNotFoundError:
        return None
    return Journal(
        found["source"], found["target"], tuple(found["links"]), tuple(found["urns"]),
        (found["before"][0], found["before"][1]), (found["after"][0], found["after"][1]),
        tuple((path, before, after) for path, before, after in found["files"]),
        tuple(found.get("hosts") or ()),
    )  # fmt: skip


def keep_journal(project: Project, journal: Journal) -> None:
    """In one piece: a journal is there whole, or not at all."""
    file = journal_file(project)
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(".move.json.new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(asdict(journal)))
    fresh.replace(file)


def refuse_half_moved(project: Project, stack: str) -> None:
    """Raises:
    LinkproofError: a move from or to this stack was interrupted.
    """
    journal = read_journal(project)
    if journal is not None and stack in (journal.source, journal.target):
        raise LinkproofError(
            f"a move of {journal.names} from {journal.source} to {journal.target} was interrupted, and {stack} is half of it",
            f"run `linkproof move --to {journal.target}` again, which ends it",
        )


def digest(document: Document) -> str:
    """What a state holds, in one word: the same however the engine wrote it. Of what the state alone has, as the history, all of it."""
    resources = (document.get("deployment") or {}).get("resources") or ()
    parts = [
        (
            one["urn"],
            one.get("id"),
            one.get("modified"),
            sorted(one.get("dependencies") or ()),
            json.dumps(one.get("outputs"), sort_keys=True) if one["type"] == HISTORY_TYPE else "",
        )
        for one in resources
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def steps(project: Project, journal: Journal, engine_of: Callable[[str], Engine]) -> Iterator[str]:
    """Write what is still to be written, one thing after the other, and name each once it stands.

    The second stack's state comes first: what both have is safe, what neither has would be made again.

    Raises:
        ChangedMeanwhileError: a state or a file is neither as it was nor as it is to be.
        LinkproofError: likewise, and nothing was written yet; the journal is gone.
    """
    _refuse_changed_before(project, journal, engine_of)
    for number in (1, 0):
        stack = (journal.source, journal.target)[number]
        engine = engine_of(stack)
        now = engine.export()
        if not _is_done(number, now, journal):
            if digest(now) != journal.before[number]:
                raise ChangedMeanwhileError(f"the state of {stack}", journal_file(project))
            engine.import_state(journal.after[number])
        yield f"state of {stack}"
    for name, before, after in journal.files:
        file = DeclarationFile.open(project.root / name, name, "")
        if file.text != after:
            if file.text != before:
                raise ChangedMeanwhileError(name, journal_file(project))
            file.write(after)
        yield name
    journal_file(project).unlink(missing_ok=True)
    yield "journal"


def _refuse_changed_before(project: Project, journal: Journal, engine_of: Callable[[str], Engine]) -> None:
    """Where nothing stands yet, all must be as it was when the move was judged."""
    states = [engine_of(stack).export() for stack in (journal.source, journal.target)]
    texts = [DeclarationFile.open(project.root / name, name, "").text for name, _, _ in journal.files]
    # the second stack's state is the first thing that is written
    is_begun = _is_done(1, states[1], journal) or any(
        text == after != before for text, (_, before, after) in zip(texts, journal.files, strict=True)
    )
    if is_begun:
        return
    changed = [
        f"the state of {stack}"
        for stack, now, before in zip((journal.source, journal.target), states, journal.before, strict=True)
        if digest(now) != before
    ]
    changed += [name for text, (name, before, _) in zip(texts, journal.files, strict=True) if text != before]
    if changed:
        journal_file(project).unlink(missing_ok=True)
        raise LinkproofError(
            f"{' and '.join(changed)} was changed since the move was judged, and nothing was changed by it",
            "run it again",
        )


def _is_done(number: int, now: Document, journal: Journal) -> bool:
    has = {one["urn"] for one in (now.get("deployment") or {}).get("resources") or ()}
    if not journal.urns:
        return digest(now) == digest(journal.after[number])
    if number == 0:
        return not any(urn in has for urn in journal.urns)
    return all(renamed(urn, now) in has for urn in journal.urns)
