"""Links × vantages: the cells of a result, arranged for a page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkproof.verify.ids import canaries_id
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import Cell, CouldNotCheck, Finding, VerificationResult

# Servers and addresses differ from link to link, so a column is a kind of vantage and a cell lists its vantages.
COLUMNS = ("authoritative servers", "resolvers", "TLS", "HTTPS", "HTTP")
# The worst first: the first that any vantage has is the state of the whole cell.
STATES = ("differs", "not checked", "lagging", "warning", "right", "optional", "not asked")

_NOWHERE = Vantage("authoritative", "", "", "udp")
# One fault, whoever shows it: a word, until when it is allowed, and the finding without its vantage.
FindingKey = tuple[str, str, "Finding"]
_KINDS = ("link", "tracking host", "zone", "other")


@dataclass(frozen=True, slots=True)
class Entry:
    """One expectation at one vantage.

    Args:
        state: one of STATES.
        subject: the expectation with its name and type.
        vantage: who was asked.
        note: a reason, or until when an old answer is allowed.
        findings: what is wrong, or worth knowing, each with the fault that it shows.
        evidence: what was answered.
    """

    state: str
    subject: str
    vantage: str
    note: str
    findings: tuple[tuple[FindingKey, Finding], ...]
    evidence: str


@dataclass(slots=True)
class Box:
    """One cell of the matrix."""

    entries: list[Entry] = field(default_factory=list)

    @property
    def state(self) -> str:
        return next((state for state in STATES if any(entry.state == state for entry in self.entries)), "")

    @property
    def counts(self) -> str:
        """`3 right`, or `1 of 3 differs`."""
        counted = [entry for entry in self.entries if entry.state != "optional"] or self.entries
        same = sum(entry.state == self.state for entry in counted)
        return f"{same} {self.state}" if same == len(counted) else f"{same} of {len(counted)} {self.state}"


@dataclass(slots=True)
class Row:
    """A link, a tracking host or a zone."""

    name: str
    kind: str
    hosts: dict[str, None]
    boxes: dict[str, Box]

    @property
    def states(self) -> list[str]:
        found = {entry.state for box in self.boxes.values() for entry in box.entries}
        return [state for state in STATES if state in found]


def arrange(result: VerificationResult, expectations: Expectations) -> list[Row]:
    """Rows with what is wrong first, then in the order of the declaration."""
    subjects = _subjects(expectations)
    rows: dict[tuple[str, str], Row] = {}
    for cell in result.cells:
        path, name, record_type = subjects.get(cell.id, ("", "", ""))
        kind, title = _row_of(path, cell.id)
        row = rows.setdefault((kind, title), Row(title, kind, {}, {column: Box() for column in COLUMNS}))
        if name:
            row.hosts[name.rstrip(".") or "."] = None
        subject = " ".join(part for part in (cell.id, name.rstrip("."), record_type) if part)
        row.boxes[_column(cell.vantage)].entries.append(_entry(cell, subject))
    for row in rows.values():
        for box in row.boxes.values():
            box.entries.sort(key=lambda entry: (STATES.index(entry.state), entry.subject, entry.vantage))
    return sorted(rows.values(), key=lambda row: (min(STATES.index(row.states[0]), 4), _KINDS.index(row.kind)))


@dataclass(frozen=True, slots=True)
class Card:
    """One fault, at every vantage that shows it alike."""

    key: FindingKey
    finding: Finding
    vantages: tuple[str, ...]
    commands: tuple[str, ...]
    seen_from: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return self.key[0]

    @property
    def until(self) -> str:
        return self.key[1]


def cards(result: VerificationResult) -> list[Card]:
    """Findings and lagging answers; the same fault at several servers is one card."""
    found: dict[FindingKey, list[Finding]] = {}
    for finding in result.findings:
        found.setdefault(fault_of(finding, None), []).append(finding)
    for item in result.lagging:
        found.setdefault(fault_of(item.finding, item.until), []).append(item.finding)
    return [
        Card(
            fault,
            group[0],
            tuple(dict.fromkeys(vantage_text(finding.vantage) for finding in group)),
            tuple(dict.fromkeys(finding.reproduce for finding in group if finding.reproduce)),
            tuple(sorted({name for finding in group for name in finding.seen_from})),
        )
        for fault, group in found.items()
    ]


def fault_of(finding: Finding, until: datetime | None) -> FindingKey:
    same = replace(finding, vantage=_NOWHERE, reproduce="", asked_name="", asked_type="", seen_from=())
    if until is not None:
        return "lagging", f"{until:%Y-%m-%d %H:%M:%S} UTC", same
    return "differs" if finding.severity == "error" else "warning", "", same


@dataclass(frozen=True, slots=True)
class Unchecked:
    """One reason why one expectation could not be checked, with everybody who could not be asked."""

    id: str
    reason: str
    vantages: tuple[str, ...]
    seen_from: tuple[str, ...] = ()


def once_each(items: Iterable[CouldNotCheck]) -> list[Unchecked]:
    """A blocked network gives the same reason at every server: it is said once."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    places: dict[tuple[str, str], set[str]] = {}
    for item in items:
        vantages = found.setdefault((item.id, item.reason), {})
        places.setdefault((item.id, item.reason), set()).update(item.seen_from)
        if item.vantage is not None:
            vantages[vantage_text(item.vantage)] = None
    return [
        Unchecked(one, reason, tuple(vantages), tuple(sorted(places[one, reason])))
        for (one, reason), vantages in found.items()
    ]


def vantage_text(vantage: Vantage) -> str:
    server = vantage.server.rstrip(".") or "."
    address = vantage.address if vantage.address != vantage.server else ""
    return f"{server} ({', '.join(part for part in (address, vantage.transport) if part)})"


def _entry(cell: Cell, subject: str) -> Entry:
    until_of = cell.until if cell.state == "lagging" else None
    findings = [(fault_of(cell.finding, until_of), cell.finding)] if cell.finding else []
    findings += [(fault_of(warning, None), warning) for warning in cell.warnings]
    state = {"could-not-check": "not checked"}.get(cell.state, cell.state)
    if state == "right" and cell.warnings:
        state = "warning"
    until = f"allowed to be old until {cell.until:%Y-%m-%d %H:%M:%S} UTC" if cell.until else ""
    note = until or cell.reason
    return Entry(state, subject, vantage_text(cell.vantage), note, tuple(findings), cell.evidence)


def _column(vantage: Vantage) -> str:
    if vantage.kind == "edge":
        return {"https": "HTTPS", "http": "HTTP"}.get(vantage.transport, "TLS")
    return "resolvers" if vantage.kind == "resolver" else "authoritative servers"


def _subjects(expectations: Expectations) -> dict[str, tuple[str, str, str]]:
    subjects = {item.id: (item.path, item.name, "") for item in expectations.zones}
    subjects |= {item.id: (item.path, item.name, item.type) for item in expectations.records}
    subjects |= {item.id: (item.path, item.host, "CAA") for item in expectations.caa}
    subjects |= {canaries_id(item): (item.path, item.host, "") for item in expectations.endpoints if item.canaries}
    return subjects | {item.id: (item.path, item.host, "") for item in expectations.endpoints}


def _row_of(path: str, one: str) -> tuple[str, str]:
    """`links.newsletter.click_host` belongs to link `newsletter`; what has no such key stands for itself."""
    parts = path.split(".")
    if len(parts) > 1 and parts[0] in {"links", "tracking_hosts"}:
        return {"links": "link", "tracking_hosts": "tracking host"}[parts[0]], parts[1]
    if one.startswith("zone/"):
        return "zone", one.removeprefix("zone/")
    # expectations of their own making have ids with the link's name first; a plain word is about the run
    return ("link" if "/" in one else "other"), one.partition("/")[0]
