"""The past of some records, taken from one stack's history into another's. Pure: nothing is ever said to have ended earlier than it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from linkproof.history.keep import MOMENTS_KEPT

_BY_RECORD = ("records", "past", "since", "unknown")


def without(outputs: Mapping[str, Any], records: Iterable[str]) -> dict[str, Any]:
    """A history that has forgotten these records; also of its inputs."""
    gone = frozenset(records)
    return {
        name: {key: one for key, one in part.items() if key not in gone} if name in _BY_RECORD and part else part
        for name, part in outputs.items()
    }


def with_moved(mine: Mapping[str, Any], other: Mapping[str, Any], records: Iterable[str]) -> dict[str, Any]:
    """A history with what another one knows of these records; also of its inputs.

    Args:
        mine: of the stack that gets them.
        other: of the stack that had them.
    """
    wanted = frozenset(records)
    found = dict(mine)
    for name in _BY_RECORD:
        more = {key: one for key, one in (other.get(name) or {}).items() if key in wanted}
        if name == "past":
            old: Mapping[str, list[dict[str, str]]] = mine.get("past") or {}
            more = {key: _one_past(old.get(key, []), entries) for key, entries in more.items()}
        if more:
            found[name] = {**(mine.get(name) or {}), **more}
    return found


def _one_past(*pasts: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """Each thing that was served once, with its latest end."""
    ends: dict[str, str] = {}
    for entry in (entry for past in pasts for entry in past):
        ends[entry["served"]] = max(ends.get(entry["served"], entry["until"]), entry["until"], key=_moment)
    return [
        {"served": served, "until": until} for served, until in sorted(ends.items(), key=lambda one: _moment(one[1]))
    ]


def joined_moments(
    mine: Mapping[str, Any],
    my_moments: Iterable[str],
    other: Mapping[str, Any],
    other_moments: Iterable[str],
    records: Iterable[str],
) -> list[str]:
    """The moments at which all records of the joined history were as declared.

    A moment of one stack says nothing of the other's records: it stays only where none of those was changing then.

    Args:
        mine: outputs of the history that gets the records, before it does; `other`: of the one that had them.
    """
    wanted = frozenset(records)
    mine_open = list(_open(mine, list(my_moments), None))
    moved_open = list(_open(other, list(other_moments), wanted))
    kept = {moment for moment in my_moments if not _is_within(moment, moved_open)}
    kept |= {moment for moment in other_moments if not _is_within(moment, mine_open)}
    return sorted(kept, key=_moment)[-MOMENTS_KEPT:]


def _open(
    outputs: Mapping[str, Any], moments: list[str], records: frozenset[str] | None
) -> Iterator[tuple[datetime, datetime | None]]:
    """From each change to the moment at which its end is known; None where it is not."""
    known = sorted(map(_moment, moments))
    past, since, now = outputs.get("past") or {}, outputs.get("since") or {}, outputs.get("records") or {}
    changes = [(key, entry["until"]) for key, entries in past.items() for entry in entries]
    changes += [(key, at) for key, at in since.items() if key in now]
    for key, at in changes:
        if records is None or key in records:
            begun = _moment(at)
            yield begun, next((moment for moment in known if moment >= begun), None)


def _is_within(moment: str, opened: Iterable[tuple[datetime, datetime | None]]) -> bool:
    at = _moment(moment)
    return any(begun <= at and (ended is None or at < ended) for begun, ended in opened)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
