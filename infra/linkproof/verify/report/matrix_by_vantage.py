"""Expectations × places: what several runs saw, arranged for a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.report.matrix import Box, Entry, Row, fault_of, vantage_text
from linkproof.verify.report.vantages import rows, vantages_of

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import FindingKey
    from linkproof.verify.result import Finding, VerificationResult

_STATES = {"could-not-check": "not checked", "not-asked": "not asked"}


class PlaceBox(Box):
    """What one place saw of one expectation: a word, and nothing to count."""

    @property
    def counts(self) -> str:
        return self.state


def arrange_by_vantage(result: VerificationResult, expectations: Expectations) -> list[Row]:
    """A row for each expectation, with a box for each place; what is wrong somewhere stands first."""
    names = vantages_of(result)
    told: dict[tuple[str, str], list[tuple[FindingKey, Finding]]] = {}
    ends: list[tuple[Finding, datetime | None]] = [(finding, None) for finding in result.findings]
    ends += [(item.finding, item.until) for item in result.lagging]
    for finding, until in ends:
        for name in finding.seen_from:
            told.setdefault((finding.id, name), []).append((fault_of(finding, until), finding))
    reasons: dict[tuple[str, str], dict[str, None]] = {}
    for item in result.could_not_check:
        for name in item.seen_from:
            where = f"{vantage_text(item.vantage)}: " if item.vantage else ""
            reasons.setdefault((item.id, name), {})[f"{where}{item.reason}"] = None
    found = []
    for row in rows(result, expectations):
        boxes: dict[str, Box] = {}
        for name, cell in zip(names, row.cells, strict=True):
            findings = tuple(told.get((row.id, name), ()))
            state = "warning" if cell == "right" and findings else _STATES.get(cell, cell)
            note = "; ".join(reasons.get((row.id, name), ())) or _without_findings(state, name, findings)
            boxes[name] = PlaceBox([Entry(state, row.subject, f"from {name}", note, findings, "")])
        found.append(Row(row.id, row.kind, {row.name: None} if row.name else {}, boxes))
    return found


def _without_findings(state: str, name: str, findings: tuple[tuple[FindingKey, Finding], ...]) -> str:
    if findings:
        return ""
    return {
        "right": "every server, resolver and address that was asked is right",
        "not asked": f"{name} left it for another run, or it decides nothing there",
        "not checked": f"no result came from {name}",
        "differs": "its zone or a server says why: see the findings",
    }.get(state, "")
