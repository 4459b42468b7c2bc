"""The known answers of senders and edges: data with a source, a date and a confidence, matched against what came."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.verify.observations_edge import HttpObservation

# Enough for every error page a mark is known for.
MOST_OCTETS = 64 * 1024
_INFRA = Path(__file__).parent.parent
# Where each file is; a name that is not here has no known marks, and what it answers is unknown.
SENDER_ANSWERS = {
    name: _INFRA / "senders" / name / "answers.yaml" for name in ("karte", "sendgrid", "ses", "sparkpost")
}
EDGE_ANSWERS = {
    name: _INFRA / "edges" / name / "answers.yaml"
    for name in ("azure", "cloudflare", "cloudfront", "fastly", "gcp", "keycdn", "nginx")
}
# `meaning` of a sender's mark; an edge's mark means a rule.
SENDER_MEANINGS = frozenset({"reached", "unknown-host", "unknown-path"})


class InvalidMarksError(LinkproofError):
    """An `answers.yaml` cannot be read: someone corrected it and slipped."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}", "see the neighbouring answers.yaml files for the form")
        self.path = path


@dataclass(frozen=True, slots=True)
class Probe:
    """One request.

    Args:
        path: with its query.
        shown: what stands in place of the path wherever it is kept or shown, if the path is its recipient's alone.
        asked_for: the endpoint, where two of one host are asked for different things that are shown alike.
        most_octets: of the body that is read.
        hides: texts that no answer may keep, each with what stands in its place; the first that fits counts.
    """

    method: str
    path: str
    shown: str = ""
    asked_for: str = ""
    most_octets: int = MOST_OCTETS
    hides: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def public_path(self) -> str:
        return self.shown or self.path


@dataclass(frozen=True, slots=True)
class Mark:
    """One recognisable answer.

    Args:
        statuses: any of them; empty for any status.
        headers: name → a part of its value, without case; an empty part asks only that the header is there.
        body: parts that must all be in the body.
        meaning: `reached`, `unknown-host` or `unknown-path` for a sender, a rule id for an edge.
        is_common: an answer that others give as well (a stock nginx page), so it counts for the declared edge alone.
    """

    id: str
    statuses: tuple[int, ...]
    headers: tuple[tuple[str, str], ...]
    body: tuple[str, ...]
    meaning: str
    says: str
    source: str
    date: str
    confidence: str
    is_common: bool = False

    def matches(self, seen: HttpObservation) -> bool:
        if self.statuses and seen.status not in self.statuses:
            return False
        if not all(seen.has_header(name) and part.lower() in seen.header(name).lower() for name, part in self.headers):
            return False
        return all(part.encode() in seen.body for part in self.body)


@dataclass(frozen=True, slots=True)
class AppLinks:
    """Where a sender's links for apps begin.

    Args:
        below: the path that they begin with.
        sample: one of them, without its token; empty where the next word is the user's own.
        other: a link of the same sender that is not for apps; empty where it cannot be told.
    """

    below: str
    sample: str = ""
    other: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """One `answers.yaml`.

    Args:
        probe: of a sender; None where no request is safe.
        identity: of an edge: headers that it alone adds, each with a part of its value, as in a mark.
        own_names: zones in whose names its own certificate is, which it shows for a host that it does not know.
        own_names_say: what it means to see that certificate.
        app_links: of a sender: how it writes the links that an app opens.
        cache_seconds: how long a sender wants an edge to keep its answers.
    """

    marks: tuple[Mark, ...] = ()
    probe: Probe | None = None
    identity: tuple[tuple[str, str], ...] = ()
    own_names: tuple[str, ...] = ()
    own_names_say: str = ""
    app_links: AppLinks | None = None
    cache_seconds: int = 0

    def first(self, seen: HttpObservation) -> Mark | None:
        return next((mark for mark in self.marks if mark.matches(seen)), None)

    def shows_itself(self, seen: HttpObservation) -> bool:
        return any(seen.has_header(name) and part in seen.header(name).lower() for name, part in self.identity)

    def is_own_certificate(self, names: tuple[str, ...]) -> bool:
        return any(name == zone or name.endswith(f".{zone}") for name in names for zone in self.own_names)


# A sender nobody declared has no safe path but the root, which any host may be asked for.
ROOT_PROBE = Probe("GET", "/")


def sender_answers(name: str | None) -> Answers:
    """The marks of a sender; without a sender the root is asked and any answer that is not an edge's own counts."""
    if name is None:
        return Answers(probe=ROOT_PROBE)
    return _load(SENDER_ANSWERS[name], is_edge=False) if name in SENDER_ANSWERS else Answers()


def edge_answers(name: str) -> Answers:
    return _load(EDGE_ANSWERS[name], is_edge=True) if name in EDGE_ANSWERS else Answers()


@cache
def _load(path: Path, *, is_edge: bool) -> Answers:
    import yaml

    try:
        tree = yaml.safe_load(path.read_text("utf-8"))
        marks = tuple(_mark(item) for item in tree["marks"])
        probe = tree.get("probe")
        headers = tree.get("identity", {}).get("headers", {})
        # a header that is enough by being there stands in a list, one whose value counts in a mapping
        identity = tuple(
            (name.lower(), str(headers[name]).lower() if isinstance(headers, dict) else "") for name in headers
        )
        own = tree.get("certificate", {})
        apps = tree.get("app_links")
        answers = Answers(
            marks,
            Probe(probe["method"], probe["path"]) if probe else None,
            identity,
            tuple(own.get("zones", ())),
            own.get("says", ""),
            AppLinks(apps["below"], apps.get("sample", ""), apps.get("other", "")) if apps else None,
            int(tree.get("cache", {}).get("seconds", 0)),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidMarksError(path, f"{type(error).__name__}: {error}") from error
    _check(path, answers, is_edge=is_edge)
    return answers


def _mark(item: dict[str, Any]) -> Mark:
    match = item["match"]
    statuses = match.get("status", [])
    return Mark(
        id=str(item["id"]),
        statuses=tuple(statuses) if isinstance(statuses, list) else (int(statuses),),
        headers=tuple((name.lower(), str(part)) for name, part in match.get("headers", {}).items()),
        body=tuple(match.get("body", ())),
        meaning=item["meaning"],
        says=item["says"],
        source=item["source"],
        date=str(item["date"]),
        confidence=item["confidence"],
        is_common=bool(item.get("common", False)),
    )


def _check(path: Path, answers: Answers, *, is_edge: bool) -> None:
    from infra.verify.rules import RULES

    for mark in answers.marks:
        if mark.meaning not in (RULES if is_edge else SENDER_MEANINGS):
            raise InvalidMarksError(path, f"mark {mark.id}: unknown meaning {mark.meaning!r}")
        if not (mark.statuses or mark.headers or mark.body):
            raise InvalidMarksError(path, f"mark {mark.id} matches every answer")
    if answers.probe and (answers.probe.method not in {"GET", "HEAD"} or not answers.probe.path.startswith("/")):
        raise InvalidMarksError(path, "a probe is GET or HEAD of a path")
