"""The history of kept results: links × nights, and what each night had of each link. Pure but for reading the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from linkproof.drift.model import KINDS
from linkproof.errors import LinkproofError

# What no link is named for: a zone that holds none, a comparison that failed as a whole.
OF_ALL: Final = "(all of it)"
MOST_NIGHTS: Final = 366
_MOST_OCTETS: Final = 64 * 1024 * 1024
# The worst first; a night on which a stack was not looked at is none of these.
STATES: Final = (*KINDS, "quiet")


class NotANightError(LinkproofError):
    """A file is no result of `linkproof drift --json`."""

    def __init__(self, file: Path, why: str) -> None:
        super().__init__(f"{file}: {why}", "give files that `linkproof drift --json` or `--report json=FILE` wrote")
        self.file = file


@dataclass(frozen=True, slots=True)
class Cell:
    """One link on one night.

    Args:
        state: the worst kind; `quiet`; empty where the link was not looked at.
        lines: what there was.
    """

    state: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One link, or what is about none, of a stack on all nights."""

    stack: str
    link: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Nights:
    """All of it, oldest night first.

    Args:
        moments: when each was, aware.
        left_out: how many older ones there are.
    """

    moments: tuple[datetime, ...]
    rows: tuple[Row, ...]
    left_out: int = 0


@dataclass(slots=True)
class _Night:
    at: datetime
    links: dict[str, list[str]] = field(default_factory=dict)
    found: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files themselves, and of a folder every `*.json` in it.

    Raises:
        NotANightError: there is none.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not inside:
            raise NotANightError(path, "the folder has no result")
        found += inside
    return found


def read_nights(files: Sequence[Path]) -> Nights:
    """Of several results of one moment and stack the last file counts.

    Raises:
        NotANightError: a file cannot be read, or is something else.
    """
    nights: dict[datetime, _Night] = {}
    for file in files:
        document = _document(file)
        try:
            at = _moment(document["at"])
            night = nights.setdefault(at.astimezone(UTC), _Night(at))
            for stack in document["stacks"]:
                _take(night, stack)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotANightError(file, f"no result of a night ({type(error).__name__}: {error})") from error
    moments = sorted(nights)[-MOST_NIGHTS:]
    return Nights(tuple(moments), _rows([nights[one] for one in moments]), len(nights) - len(moments))


def _document(file: Path) -> Mapping[str, Any]:
    try:
        if file.stat().st_size > _MOST_OCTETS:
            raise NotANightError(file, "it is larger than any result")
        document = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise NotANightError(file, str(error)) from error
    if not isinstance(document, dict) or document.get("version") != 1:
        raise NotANightError(file, "not a result of version 1")
    return document


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without its zone")
    return found


def _take(night: _Night, stack: Mapping[str, Any]) -> None:
    name = str(stack["stack"])
    # of one moment and stack the last file counts
    night.found = {key: lines for key, lines in night.found.items() if key[0] != name}
    if "error" in stack:
        night.links.setdefault(name, [])
        night.found.setdefault((name, OF_ALL), []).append(("could not check", str(stack["error"]["problem"])))
        return
    night.links[name] = [str(link) for link in stack["links"]]
    for item in stack["items"]:
        if item["kind"] not in KINDS:
            raise ValueError(f"no kind {item['kind']!r}")
        what = f"{item['subject']}: {item['property']}" if item["property"] else str(item["subject"])
        line = f"{item['kind']} {what} ({item['comparison']})"
        for link in item["links"] or [OF_ALL]:
            night.found.setdefault((name, str(link)), []).append((item["kind"], line))


def _rows(nights: Sequence[_Night]) -> tuple[Row, ...]:
    wanted: dict[tuple[str, str], None] = {}
    for night in nights:
        for stack, links in night.links.items():
            wanted.update({(stack, link): None for link in links})
        wanted.update(dict.fromkeys(night.found))
    ordered = sorted(wanted, key=lambda one: (one[0], one[1] == OF_ALL))
    return tuple(Row(*one, tuple(_cell(night, *one) for night in nights)) for one in ordered)


def _cell(night: _Night, stack: str, link: str) -> Cell:
    found = night.found.get((stack, link), [])
    if found:
        worst = min((kind for kind, _ in found), key=KINDS.index)
        return Cell(worst, tuple(line for _, line in found))
    was_looked_at = link in night.links.get(stack, ()) or (link == OF_ALL and stack in night.links)
    return Cell("quiet") if was_looked_at else Cell()
