"""The known answers of senders and edges: data with a source, a date and a confidence, matched against what came."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from linkproof import registry
from linkproof.errors import LinkproofError
from linkproof.verify.mark import Mark, Match, read_mark, read_match

if TYPE_CHECKING:
    from linkproof.verify.observations.edge import HttpObservation

# Enough for every error page a mark is known for.
MOST_OCTETS = 64 * 1024
# In the query of each probe, with a number of its own; whoever reads the sender's or the edge's log sees whose it is.
NONCE_KEY = "linkproof"
_NONCE_WORD = "nonce"
# Where each file is; a name that is not here has no known marks, and what it answers is unknown.
SENDER_ANSWERS = registry.answers(*map(registry.tracking, registry.TRACKING), *map(registry.sender, registry.SENDERS))
EDGE_ANSWERS = registry.answers(*map(registry.edge, registry.EDGES))
_STRANGERS = Path(__file__).parent / "judge" / "strangers.yaml"
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
        is_unique: whether each request has a query of its own.
    """

    method: str
    path: str
    shown: str = ""
    asked_for: str = ""
    most_octets: int = MOST_OCTETS
    hides: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    is_unique: bool = False

    @property
    def public_path(self) -> str:
        return self.shown or self.path

    def sent(self) -> Probe:
        """The request as it goes out: a unique one has a number in its query that nobody ever sent.

        So no cache can have its answer, unless it takes queries for equal, and nobody else ever asks for what it leaves there. The
        number is shown, and kept, as the word for it.
        """
        if not self.is_unique:
            return self
        number, joint = f"{secrets.randbelow(10**18):018d}", "&" if "?" in self.path else "?"
        return replace(
            self,
            path=f"{self.path}{joint}{NONCE_KEY}={number}",
            shown=f"{self.public_path}{joint}{NONCE_KEY}={_NONCE_WORD}",
            hides=((number, _NONCE_WORD), *self.hides),
        )


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
class KeptErrors:
    """An error that an edge gives from its cache, though nobody asked for one: any edge's default is no fault of a declaration.

    Args:
        seconds: as long as it is kept; `Age` says since when.
        match: how such an answer looks.
    """

    seconds: int
    match: Match


@dataclass(frozen=True, slots=True)
class Answers:
    """One `answers.yaml`.

    Args:
        probe: of a sender; None where no request is safe.
        identity: of an edge: headers that it alone adds, each with a part of its value, as in a mark.
        is_always_signed: whether it adds one of them to whatever it answers, so that an answer without is not its own.
        own_names: zones in whose names its own certificate is, which it shows for a host that it does not know.
        own_names_say: what it means to see that certificate.
        app_links: of a sender: how it writes the links that an app opens.
        cache_seconds: how long a sender wants an edge to keep its answers.
        kept_errors: of an edge: how it shows an origin's error that it keeps unless it is told not to.
        region_header: of a sender: where its answer says the account's region; empty where none does.
        protocol_header: of a sender: where its answer says whether the edge asked by http or https; likewise.
        unseen: of a sender: what its answer does not show, though it looks so.
    """

    marks: tuple[Mark, ...] = ()
    probe: Probe | None = None
    identity: tuple[tuple[str, str], ...] = ()
    own_names: tuple[str, ...] = ()
    own_names_say: str = ""
    app_links: AppLinks | None = None
    cache_seconds: int = 0
    kept_errors: KeptErrors | None = None
    is_always_signed: bool = False
    region_header: str = ""
    protocol_header: str = ""
    unseen: tuple[str, ...] = ()

    def first(self, seen: HttpObservation) -> Mark | None:
        for mark in self.marks:
            if mark.match.matches(seen):
                return mark
        return None

    def shows_itself(self, seen: HttpObservation) -> bool:
        return any(seen.has_header(name) and part in seen.header(name).lower() for name, part in self.identity)

    def is_own_certificate(self, names: tuple[str, ...]) -> bool:
        return any(name == zone or name.endswith(f".{zone}") for name in names for zone in self.own_names)


# A sender nobody declared has no safe path but the root, which any host may be asked for.
ROOT_PROBE = Probe("GET", "/", is_unique=True)


def sender_answers(name: str | None) -> Answers:
    """The marks of a sender; without a sender the root is asked and any answer that is not an edge's own counts."""
    if name is None:
        return _WITHOUT_SENDER
    return _load(SENDER_ANSWERS[name], is_edge=False) if name in SENDER_ANSWERS else _UNKNOWN


_WITHOUT_SENDER, _UNKNOWN = Answers(probe=ROOT_PROBE), Answers()


def edge_answers(name: str) -> Answers:
    return _load(EDGE_ANSWERS[name], is_edge=True) if name in EDGE_ANSWERS else Answers()


def strangers() -> Answers:
    """The pages of servers that have nothing to do with a sender."""
    return _load(_STRANGERS, is_edge=True)


@cache
def _load(path: Path, *, is_edge: bool) -> Answers:
    import yaml

    try:
        tree = yaml.safe_load(path.read_text("utf-8"))
        marks = tuple(read_mark(item) for item in tree["marks"])
        probe = tree.get("probe")
        headers = tree.get("identity", {}).get("headers", {})
        # a header that is enough by being there stands in a list, one whose value counts in a mapping
        identity = tuple(
            (name.lower(), str(headers[name]).lower() if isinstance(headers, dict) else "") for name in headers
        )
        own = tree.get("certificate", {})
        apps, errors = tree.get("app_links"), tree.get("kept_errors")
        answers = Answers(
            marks,
            Probe(probe["method"], probe["path"], is_unique=True) if probe else None,
            identity,
            tuple(own.get("zones", ())),
            own.get("says", ""),
            AppLinks(apps["below"], apps.get("sample", ""), apps.get("other", "")) if apps else None,
            int(tree.get("cache", {}).get("seconds", 0)),
            KeptErrors(int(errors["seconds"]), read_match(errors["match"])) if errors else None,
            bool(tree.get("identity", {}).get("always", False)),
            tree.get("region", {}).get("header", ""),
            tree.get("protocol", {}).get("header", ""),
            tuple(tree.get("unseen", ())),
        )
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise InvalidMarksError(path, f"{type(error).__name__}: {error}") from error
    _check(path, answers, is_edge=is_edge)
    return answers


def _check(path: Path, answers: Answers, *, is_edge: bool) -> None:
    from linkproof.verify.rules.registry import RULES

    for mark in answers.marks:
        if mark.meaning not in (RULES if is_edge else SENDER_MEANINGS):
            raise InvalidMarksError(path, f"mark {mark.id}: unknown meaning {mark.meaning!r}")
        if mark.match.is_empty:
            raise InvalidMarksError(path, f"mark {mark.id} matches every answer")
    if answers.probe and (answers.probe.method not in {"GET", "HEAD"} or not answers.probe.path.startswith("/")):
        raise InvalidMarksError(path, "a probe is GET or HEAD of a path")
