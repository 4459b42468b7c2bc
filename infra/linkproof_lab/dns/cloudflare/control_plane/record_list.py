"""Listing records: the vendor's filters, order and pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from linkproof_lab.dns.cloudflare.control_plane.record_view import view
from linkproof_lab.vendors.cloudflare.control_plane.envelope import Answer, ok, paged

_Test = Callable[[dict[str, Any]], bool]
_MOST_PER_PAGE = 5_000_000
_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "": lambda value, wanted: value == wanted,
    "exact": lambda value, wanted: value == wanted,
    "contains": lambda value, wanted: wanted in value,
    "startswith": lambda value, wanted: value.startswith(wanted),
    "endswith": lambda value, wanted: value.endswith(wanted),
}


def listed(records: list[dict[str, Any]], query: dict[str, str]) -> Answer:
    """The page of records that a query asks for, by name and type unless it gives an order."""
    tests = list(_tests(query))
    if tests:
        wanted = any if query.get("match") == "any" else all
        records = [record for record in records if wanted(test(record) for test in tests)]
    order = query.get("order", "name")
    if order not in ("type", "name", "content", "ttl", "proxied"):
        order = "name"
    records.sort(
        key=lambda r: (r[order], r["name"], r["type"], r["created_on"]), reverse=query.get("direction") == "desc"
    )
    chosen, info = paged(records, query, 100, _MOST_PER_PAGE)
    return ok([view(record) for record in chosen], info)


def _tests(query: dict[str, str]) -> Iterator[_Test]:
    for key, wanted in query.items():
        field, _, operator = key.replace("[", ".").rstrip("]").partition(".")
        if field == "type":
            yield _equals("type", wanted.upper())
        elif field == "proxied":
            yield _equals("proxied", wanted == "true")
        elif field in ("name", "content", "comment") and operator in _OPERATORS:
            yield _compares((field,), operator, wanted if field == "comment" else wanted.lower().rstrip("."))
        elif field == "search":
            yield _compares(("name", "content"), "contains", wanted.lower())


def _equals(field: str, wanted: object) -> _Test:
    return lambda record: bool(record[field] == wanted)


def _compares(fields: tuple[str, ...], operator: str, wanted: str) -> _Test:
    compare = _OPERATORS[operator]
    return lambda record: any(compare(_lower(record, field), wanted) for field in fields)


def _lower(record: dict[str, Any], field: str) -> str:
    value = str(record[field] or "")
    return value if field == "comment" else value.lower()
