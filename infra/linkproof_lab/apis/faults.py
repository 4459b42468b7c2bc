"""Answers that go wrong on purpose: documents of a kind of its own for each sender, and of kind `api-fault` for whatever has an API.

`{"method": "POST", "path": "/v1/things", "status": 500, "times": 2, "done": true, "delay_seconds": 1, "body": "…"}`:
a path is matched as a whole, with `*` for anything; without `times` it lasts until it is taken away. With `done` the work
is done and its answer lost, which then is what a client must reckon with. `set` overrides members of a true answer.

An `api-fault` also names its `service`, a folder of the lab (`vendors/cloudflare`); by default it concerns every one. It comes before the
service itself: what answers is what stands in front of an API that is down, in no form of the vendor's.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from linkproof_lab.store import Store

API_FAULT = "api-fault"
_DOWN = 503


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


def outage(store: Store, service: str, method: str, path: str) -> Fault | None:
    """What is ordered for this request of a service, whatever it is: 503 where the document says no status."""
    return fault_for(store, API_FAULT, method, path, service, _DOWN)


def fault_for(
    store: Store, kind: str, method: str, path: str, service: str = "", status: int | None = None
) -> Fault | None:
    """The first fault that is ordered for this request; one that has come often enough is over."""
    for key, doc in store.all(kind):
        if doc.get("service", service) != service:
            continue
        if doc.get("method", method) != method or not fnmatchcase(path, doc.get("path", "*")):
            continue
        left = doc.get("times")
        if left is not None:
            if left <= 0:
                continue
            store.put(kind, key, {**doc, "times": left - 1})
        status = doc.get("status", status)
        done = bool(doc.get("done", status is None))
        return Fault(status, done, float(doc.get("delay_seconds", 0)), doc.get("body"), doc.get("set") or {})
    return None
