"""One recognisable answer: what of it must be as written, and what it means."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from linkproof.verify.observations.edge import HttpObservation

_TITLE = re.compile(rb"<title[^>]{0,200}>(.{0,500}?)</title", re.IGNORECASE | re.DOTALL)
_KEYS = frozenset({"status", "headers", "header_is", "title", "has_title", "body", "words", "most_octets", "any"})


@dataclass(frozen=True, slots=True)
class Match:
    """What an answer must have; whatever is not named may be anything.

    Args:
        statuses: any of them; `400` to `499` are also written `4xx`.
        headers: name → a part of its value, without case; an empty part asks only that the header is there.
        header_is: name → its whole value, without case.
        title: the page's whole title, without case.
        has_title: whether the page has any.
        body: parts that must all be in the body.
        words: parts that must all be in the body, and not inside longer words: digits are no error code in the midst of an id.
        most_octets: a longer body is another's page, whatever words are in it.
        any_of: at least one of them must match as well.
    """

    statuses: frozenset[int] = frozenset()
    headers: tuple[tuple[str, str], ...] = ()
    header_is: tuple[tuple[str, str], ...] = ()
    title: str = ""
    has_title: bool | None = None
    body: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    most_octets: int | None = None
    any_of: tuple[Match, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Match(most_octets=self.most_octets)

    def matches(self, seen: HttpObservation) -> bool:
        if self.statuses and seen.status not in self.statuses:
            return False
        for name, part in self.headers:
            if not seen.has_header(name) or part.lower() not in seen.header(name).lower():
                return False
        for name, value in self.header_is:
            if seen.header(name).strip().lower() != value.lower():
                return False
        if self.most_octets is not None and len(seen.body) > self.most_octets:
            return False
        if self.title and _title(seen.body) != self.title.lower():
            return False
        if self.has_title is not None and bool(_title(seen.body)) != self.has_title:
            return False
        for part in self.body:
            if part.encode() not in seen.body:
                return False
        for part in self.words:
            if not _is_word(part.encode(), seen.body):
                return False
        return not self.any_of or any(one.matches(seen) for one in self.any_of)


@dataclass(frozen=True, slots=True)
class Mark:
    """One recognisable answer.

    Args:
        meaning: `reached`, `unknown-host` or `unknown-path` for a sender, a rule id for an edge.
        is_common: an answer that others give as well (a stock nginx page), so it counts for the declared edge alone.
    """

    id: str
    match: Match
    meaning: str
    says: str
    source: str
    date: str
    confidence: str
    is_common: bool = False

    def matches(self, seen: HttpObservation) -> bool:
        return self.match.matches(seen)


def read_mark(item: dict[str, Any]) -> Mark:
    """A mark as `answers.yaml` writes it.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not written so.
    """
    return Mark(
        id=str(item["id"]),
        match=read_match(item["match"]),
        meaning=item["meaning"],
        says=item["says"],
        source=item["source"],
        date=str(item["date"]),
        confidence=item["confidence"],
        is_common=bool(item.get("common", False)),
    )


def read_match(match: dict[str, Any]) -> Match:
    """What an answer must have, as `answers.yaml` writes it.

    Raises:
        KeyError, TypeError, ValueError, AttributeError: it is not written so.
    """
    if unknown := sorted(set(match) - _KEYS):
        raise ValueError(f"unknown key {unknown[0]!r} in a match")
    statuses = match.get("status", [])
    return Match(
        statuses=frozenset(
            status for one in (statuses if isinstance(statuses, list) else [statuses]) for status in _statuses(one)
        ),
        headers=_pairs(match.get("headers", {})),
        header_is=_pairs(match.get("header_is", {})),
        title=" ".join(str(match.get("title", "")).split()),
        has_title=match.get("has_title"),
        body=_texts(match.get("body", [])),
        words=_texts(match.get("words", [])),
        most_octets=int(match["most_octets"]) if "most_octets" in match else None,
        any_of=tuple(read_match(one) for one in match.get("any", [])),
    )


def _statuses(written: int | str) -> range:
    if isinstance(written, str):
        if not re.fullmatch(r"[1-5]xx", written):
            raise ValueError(f"status {written!r}")
        return range(int(written[0]) * 100, int(written[0]) * 100 + 100)
    return range(int(written), int(written) + 1)


def _pairs(written: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), str(part)) for name, part in written.items())


def _texts(written: list[str]) -> tuple[str, ...]:
    if not isinstance(written, list):
        raise TypeError(f"{written!r} is no list")
    return tuple(str(part) for part in written)


# Thousands of hosts show the same few pages, and each is held against every mark with a title.
@lru_cache(maxsize=16)
def _title(body: bytes) -> str:
    found = _TITLE.search(body)
    return " ".join(html.unescape(found[1].decode("utf-8", "replace")).lower().split()) if found else ""


def _is_word(part: bytes, body: bytes) -> bool:
    return part in body and re.search(rb"(?<![0-9A-Za-z])" + re.escape(part) + rb"(?![0-9A-Za-z])", body) is not None
