"""The order in which a state holds its resources: what a resource needs stands before it, or the engine refuses the whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def in_order(resources: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same resources, each after what it depends on; otherwise as they stood."""
    by_urn: dict[str, list[dict[str, Any]]] = {}
    for resource in resources:
        by_urn.setdefault(resource["urn"], []).append(resource)
    ordered: list[dict[str, Any]] = []
    placed: set[int] = set()
    for resource in resources:
        waiting = [resource]
        while waiting:
            last = waiting[-1]
            if id(last) in placed:
                waiting.pop()
                continue
            ahead = [
                one
                for urn in _needs(last)
                for one in by_urn.get(urn, ())
                if id(one) not in placed and not any(one is other for other in waiting)
            ]
            if ahead:
                waiting.append(ahead[0])
                continue
            placed.add(id(last))
            ordered.append(waiting.pop())
    return ordered


def _needs(resource: dict[str, Any]) -> Iterator[str]:
    for key in ("parent", "deletedWith"):
        if resource.get(key):
            yield resource[key]
    if resource.get("provider"):
        yield resource["provider"].rpartition("::")[0]
    yield from resource.get("dependencies") or ()
    for urns in (resource.get("propertyDependencies") or {}).values():
        yield from urns or ()
