"""What a team has accepted for a while: `accepted/<stack>.yaml` beside the declaration, committed like it.

An acceptance has an owner, a reason and a last day. Once that is over, what it accepted counts as before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from linkproof.declaration.nodes import Tree, read
from linkproof.declaration.problem import Place
from linkproof.declaration.source import read_file
from linkproof.declaration.source_error import SourceError
from linkproof.declaration.text import decode
from linkproof.drift.model import Item
from linkproof.errors import LinkproofError
from linkproof.show import did_you_mean, show, show_value

_KEYS: Final = ("what", "property", "owner", "reason", "until")
_REQUIRED: Final = ("what", "owner", "reason", "until")
# What nobody could see cannot be accepted, and what lags ends by itself.
_ACCEPTABLE: Final = ("drift", "missing")


class BaselineError(LinkproofError):
    """The file has problems. `problems` holds all of them, each with its place and fix."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems), f"correct {file}; docs/drift.md has the form")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One entry.

    Args:
        what: the subject, as a report names it.
        path: of the property that may differ; empty for all of the subject.
        until: the last day, UTC.
        place: in the file.
    """

    what: str
    path: str
    owner: str
    reason: str
    until: date
    place: str

    def accepts(self, item: Item) -> bool:
        """Whether it is about this; a property stands for all below it."""
        is_property = not self.path or item.path == self.path or item.path.startswith(f"{self.path}.")
        return item.kind in _ACCEPTABLE and self.what == item.subject and is_property


def baseline_file(declaration: Path, stack: str) -> Path:
    """The stack's own, in a folder beside its declaration."""
    return declaration.parent / "accepted" / f"{stack}.yaml"


def read_baseline(file: Path, name: str) -> tuple[Acceptance, ...]:
    """All entries; none where there is no file.

    Args:
        name: of the file, for messages.

    Raises:
        BaselineError: it is not of this form; every problem is said.
    """
    if not file.exists():
        return ()
    try:
        text, refused = decode(read_file(file), name)
    except SourceError as error:
        raise BaselineError(name, [f"{name}: {error.problem}; fix: {error.fix}"]) from error
    if refused is not None:
        raise BaselineError(name, [str(refused)])
    tree = read(text, name)
    problems = [str(problem) for problem in tree.problems] or list(_problems(tree, name))
    if problems:
        raise BaselineError(name, problems)
    return tuple(
        Acceptance(
            one["what"],
            one.get("property") or "",
            one["owner"],
            one["reason"],
            date.fromisoformat(one["until"]),
            _at(tree, f"accepted.{n}", name),
        )
        for n, one in enumerate(tree.value.get("accepted") or ())
    )


def applied(
    items: Sequence[Item], accepted: Sequence[Acceptance], now: datetime
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The items with what is accepted as such, and a note for each entry that accepts nothing.

    Args:
        now: aware, UTC.
    """
    used: set[Acceptance] = set()
    found = []
    for item in items:
        mine = [one for one in accepted if one.accepts(item)]
        used.update(mine)
        valid = next((one for one in mine if now.date() <= one.until), None)
        if valid is not None:
            said = {"owner": valid.owner, "reason": valid.reason, "until": valid.until.isoformat()}
            found.append(replace(item, kind="accepted", acceptance=said))
        elif mine:
            last = max(mine, key=lambda one: one.until)
            note = f"{last.owner} had accepted it until {last.until}: {last.reason} ({last.place})"
            found.append(replace(item, note=note))
        else:
            found.append(item)
    notes = tuple(
        f"{one.place}: nothing is seen of {one.what}: take the entry out" for one in accepted if one not in used
    )
    return tuple(found), notes


def _problems(tree: Tree, name: str) -> Iterator[str]:
    document = tree.value
    if not isinstance(document, dict):
        yield f"{name}:1:1: the file is {show_value(document)}, not keys and values; fix: begin with `version: 1`"
        return
    yield from _unknown_keys(tree, document, "", ("version", "accepted"), name)
    if document.get("version") != "1":
        yield f"{_at(tree, 'version', name)}: version: it must be 1; fix: write `version: 1`"
    entries = document.get("accepted")
    if entries is None:
        return
    if not isinstance(entries, list):
        yield f"{_at(tree, 'accepted', name)}: accepted: it is {show_value(entries)}; fix: write a list of entries"
        return
    for n, entry in enumerate(entries):
        yield from _entry_problems(tree, entry, f"accepted.{n}", name)


def _entry_problems(tree: Tree, entry: Any, path: str, name: str) -> Iterator[str]:
    where = f"{_at(tree, path, name)}: {path}"
    if not isinstance(entry, dict):
        yield f"{where}: it is {show_value(entry)}; fix: give {', '.join(_REQUIRED)}"
        return
    yield from _unknown_keys(tree, entry, path, _KEYS, name)
    for key in _REQUIRED:
        if key not in entry:
            yield f"{where}.{key}: required and not there; fix: {_WANTED[key]}"
    for key in _KEYS:
        if key in entry and not (isinstance(entry[key], str) and entry[key].strip()):
            yield f"{_at(tree, f'{path}.{key}', name)}: {path}.{key}: it is {show_value(entry[key])}; fix: {_WANTED[key]}"
    until = entry.get("until")
    if isinstance(until, str) and until.strip() and not _is_day(until):
        yield f"{_at(tree, f'{path}.until', name)}: {path}.until: {show(until)} is no day; fix: {_WANTED['until']}"


_WANTED: Final = {
    "what": "write the name as `linkproof drift` prints it",
    "property": "write the property as `linkproof drift` prints it, or leave the key out",
    "owner": "write who answers for it: a name or an address",
    "reason": "write why it may stay so for now, in one sentence",
    "until": "write the last day as 2027-01-31",
}


def _unknown_keys(tree: Tree, found: dict[str, Any], path: str, known: Sequence[str], name: str) -> Iterator[str]:
    for key in found:
        if key not in known:
            whole = f"{path}.{key}" if path else key
            yield f"{_at(tree, whole, name)}: {whole}: unknown key; fix: {did_you_mean(key, known)}"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _at(tree: Tree, path: str, name: str) -> str:
    return str(tree.places.get(path) or Place(name, 1, 1))
