"""The history out of the engine's state: every value that a record ever served, with the moment at which it really ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from linkproof.contract.state import Resource, State
from linkproof.history.keep import HISTORY_TYPE, SETTLED_TYPE
from linkproof.history.served import Served

# What resolvers keep at most of an answer whose TTL nobody knows: the cap of unbound, knot-resolver and pdns-recursor, seen.
UNKNOWN_TTL_SECONDS = 86400


@dataclass(frozen=True, slots=True)
class Once:
    """Something that a record served once, or may have.

    Args:
        served: None where nobody knows what it was.
        until: the latest moment at which an authoritative server can have answered so; None: it still may.
    """

    served: Served | None
    until: datetime | None

    @property
    def ttl_seconds(self) -> int:
        return UNKNOWN_TTL_SECONDS if self.served is None else self.served.ttl_seconds


@dataclass(frozen=True)
class History:
    """What is known of the past of a stack's records, by the records' resource names.

    Args:
        now: what each is declared to serve; as text.
        past: what each served before, with the moment at which its end began.
        since: from when each is known.
        moments: when all records are known to have been as they were declared then, in order.
        problem: why there is no history, in words; None where there is one.
        unknown: records that were adopted, with the moment until which nobody knows what they were.
    """

    now: Mapping[str, str]
    past: Mapping[str, tuple[tuple[str, datetime], ...]]
    since: Mapping[str, datetime]
    moments: tuple[datetime, ...]
    problem: str | None = None
    unknown: Mapping[str, datetime] = field(default_factory=dict)

    def once(self, key: str, record: Resource | None) -> Iterator[Once]:
        """Everything that the record served before what is declared now, and what nobody can know.

        Args:
            key: the record's resource name.
            record: as it is in the state; None where it is not there, as in a manual zone.
        """
        if self.problem is not None or key not in self.since:
            yield Once(None, None)
            return
        for text, begun in self.past.get(key, ()):
            yield Once(Served.from_text(text), self._settled_after(begun))
        begins = self._unknown_until(key, record)
        if begins is not None:
            yield Once(None, begins)

    def current(self, key: str) -> Served | None:
        text = self.now.get(key)
        return Served.from_text(text) if text is not None else None

    def longest_ttl_seconds(self, key: str) -> int:
        """The longest TTL that the record is known to have been served with; the unknown one where nothing is known."""
        if self.problem is not None or key not in self.since:
            return UNKNOWN_TTL_SECONDS
        texts = [*(text for text, _ in self.past.get(key, ())), *([self.now[key]] if key in self.now else [])]
        return max((Served.from_text(text).ttl_seconds for text in texts), default=UNKNOWN_TTL_SECONDS)

    @cached_property
    def unsettled(self) -> frozenset[str]:
        """The records that changed, or came, in a deployment that did not see all records through to its end."""
        last = self.moments[-1] if self.moments else None
        changed = {key: max(begun for _, begun in entries) for key, entries in self.past.items() if entries}
        return frozenset(
            key
            for key in {*self.now, *self.past}
            if last is None or changed.get(key, last) > last or (key in self.now and self.since[key] > last)
        )

    def _settled_after(self, begun: datetime) -> datetime | None:
        """When what came next is first known to have stood. The history is written before the record, which may be kept waiting."""
        return next((moment for moment in self.moments if moment >= begun), None)

    def _unknown_until(self, key: str, record: Resource | None) -> datetime | None:
        """Until when the record may have been anything: before it was known, or when something else than a deployment changed it."""
        known = max(self.since[key], self.unknown.get(key, self.since[key]))
        if record is None:
            return known
        created, modified = _moment(record.created), _moment(record.modified)
        if key not in self.unsettled and modified is not None and modified > self.moments[-1]:
            return max(known, modified)  # a refresh found another value than ours, or an `up` without us was here
        is_imported = record.import_id is not None or key in self.unknown
        if not is_imported and created is not None and created >= known:
            return None  # made by a deployment of ours: before it there was no record
        return max(
            (moment for moment in (known, created if is_imported or created == modified else None) if moment),
            default=known,
        )


def read_history(state: State) -> History:
    """Never raises: a history that is missing or torn says so, and everything may then have moved at any time up to now."""
    history, settled = _only(state, HISTORY_TYPE), _only(state, SETTLED_TYPE)
    if history is None:
        return _unknown("the state has no history of its records (it was last deployed without one)")
    try:
        now = _texts(history.outputs["records"])
        past = {
            key: tuple((_valid(entry["served"]), _required(entry["until"])) for entry in entries)
            for key, entries in history.outputs["past"].items()
        }
        since = {key: _required(at) for key, at in history.outputs["since"].items()}
        for text in now.values():
            Served.from_text(text)
        unknown = {key: _required(at) for key, at in (history.outputs.get("unknown") or {}).items()}
        moments = tuple(_required(at) for at in settled.outputs["moments"]) if settled is not None else ()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        return _unknown(f"the history of the records in the state is torn ({type(error).__name__}: {error})")
    if set(now) - set(since):
        return _unknown("the history of the records in the state is torn (a record has no beginning)")
    return History(now, past, since, moments, unknown=unknown)


def _unknown(problem: str) -> History:
    return History({}, {}, {}, (), problem)


def _only(state: State, rtype: str) -> Resource | None:
    return next((resource for resource in state.resources if resource.type == rtype), None)


def _texts(found: Any) -> dict[str, str]:
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("`records` is no map of texts")
    return found


def _valid(text: str) -> str:
    Served.from_text(text)
    return text


def _required(moment: Any) -> datetime:
    found = _moment(moment)
    if found is None:
        raise ValueError(f"not a moment: {moment!r}")
    return found


def _moment(text: Any) -> datetime | None:
    if not isinstance(text, str):
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo is not None else None
