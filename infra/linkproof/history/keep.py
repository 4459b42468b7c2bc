"""How the history grows: what was served until now is appended before the records change. Pure; the provider gives the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

HISTORY_TYPE = "linkproof:index:RecordHistory"
SETTLED_TYPE = "linkproof:index:RecordsSettled"

# So many moments are kept; what ended before the oldest of them is then told by that one, which errs on the safe side.
MOMENTS_KEPT = 200

Past = dict[str, list[dict[str, str]]]


def begun(records: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The outputs of a history that begins now: before this moment nothing is known."""
    moment = text(now)
    return {"past": {}, "since": dict.fromkeys(records, moment), "revision": 1}


def appended(old: Mapping[str, Any], records: Mapping[str, str], now: datetime) -> dict[str, Any]:
    """The outputs after a change: what differs from before was served until now.

    Args:
        old: the outputs so far, `records` among them.
        records: what will be served.

    The same thing served twice is one entry, with its later end: the history grows with what differs, not with time. A
    record that leaves keeps its past, for answers outlive records.
    """
    moment = text(now)
    before: Mapping[str, str] = old.get("records") or {}
    past: Past = {key: list(entries) for key, entries in (old.get("past") or {}).items()}
    since: dict[str, str] = dict(old.get("since") or {})
    for key in records:
        since.setdefault(key, moment)
    for key, served in before.items():
        if records.get(key) != served:
            others = [entry for entry in past.get(key, []) if entry.get("served") != served]
            past[key] = [*others, {"served": served, "until": moment}]
    unknown = {"unknown": dict(old["unknown"])} if old.get("unknown") else {}
    return {"past": past, "since": since, "revision": int(old.get("revision") or 0) + 1, **unknown}


def with_unknown(old: Mapping[str, Any], records: Iterable[str], now: datetime) -> dict[str, Any]:
    """The outputs after records were adopted: what they were until now nobody knows, whatever was known of their names before.

    Args:
        old: the outputs so far.
    """
    marks = {**(old.get("unknown") or {}), **dict.fromkeys(records, text(now))}
    return {**old, "unknown": marks} if marks else dict(old)


def settled(old: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The outputs once every record is as declared: one moment more.

    Args:
        old: the outputs so far; empty at the beginning.
    """
    return {"moments": [*(old.get("moments") or []), text(now)][-MOMENTS_KEPT:]}


def text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
