"""Answers that go wrong on purpose: documents of a kind of its own for each service.

`{"method": "POST", "path": "/v1/things", "status": 500, "times": 2, "done": true, "delay_seconds": 1, "body": "…"}`:
a path is matched as a whole, with `*` for anything; without `times` it lasts until it is taken away. With `done` the work
is done and its answer lost, which then is what a client must reckon with. `set` overrides members of a true answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from linkproof_lab.store import Store


@dataclass(frozen=True, slots=True)
class Fault:
    """Args:
    status: in place of the true one; None for the true answer.
    is_done: the request is carried out all the same.
    set: members of the true answer that lie.
    """

    status: int | None
    is_done: bool
    delay_seconds: float
    body: str | None
    set: dict[str, Any]


def fault_for(store: Store, kind: str, method: str, path: str) -> Fault | None:
    """The first fault that is ordered for this request; one that has come often enough is over."""
    for key, doc in store.all(kind):
        if doc.get("method", method) != method or not fnmatchcase(path, doc.get("path", "*")):
            continue
        left = doc.get("times")
        if left is not None:
            if left <= 0:
                continue
            store.put(kind, key, {**doc, "times": left - 1})
        status = doc.get("status")
        done = bool(doc.get("done", status is None))
        return Fault(status, done, float(doc.get("delay_seconds", 0)), doc.get("body"), doc.get("set") or {})
    return None
