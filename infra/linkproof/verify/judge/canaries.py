"""Where two real links lead: whether an edge loses a part of them, serves one for the other, or changes where they lead."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from linkproof.urls import location_of, parse_url, same_resource
from linkproof.verify.ids import canaries_id
from linkproof.verify.judge.answer_text import http_text
from linkproof.verify.judge.cached import judge_cached
from linkproof.verify.judge.http import is_redirect
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.redaction.recipients import nobodys

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.marks import Answers
    from linkproof.verify.observations.edge import HttpObservation
    from linkproof.verify.result import Cell

# A page of its own, or none at all: what a link that lost its path or token gets. Others (401, 403, 429, 5xx) may mean the asker.
_NO_LINK = frozenset({200, 400, 404, 410})


def judge_canaries(
    endpoint: EndpointExpectation,
    seen: Sequence[HttpObservation | None] | None,
    sender: Answers,
    edge: Answers,
) -> list[Cell]:
    """Judge all canaries of an endpoint together, for what one of them gets tells about the others.

    Args:
        endpoint: the expectation.
        seen: the answers in the canaries' order; None where none was asked, because no address is fit to be.
        sender: the sender's marks.
        edge: the declared edge's marks.
    """
    # the same text that a replay has; nothing below can tell a recipient
    canaries = [
        _Canary(endpoint, number, canary.url, canary.leads_to, None if seen is None else seen[number])
        for number, canary in enumerate(nobodys(endpoint).canaries)
    ]
    cells = [canary.secured() for canary in canaries] if endpoint.phase == "secured" and endpoint.in_use else []
    if seen is None:
        reason = "canaries are followed at an address that answers without an error, and there is none"
        return [*cells, canaries[0].could_not_check(reason)]
    return [*cells, *(_judge(canary, canaries, sender, edge) for canary in canaries)]


@dataclass
class _Canary:
    """One canary and what it got; `url` and `leads_to` without its recipient."""

    endpoint: EndpointExpectation
    number: int
    url: str
    leads_to: str
    answer: HttpObservation | None
    lead: str = field(init=False)
    """The Location, absolute; empty without one."""

    def __post_init__(self) -> None:
        self.lead = ""
        if self.answer is not None and is_redirect(self.answer):
            self.lead = location_of(self.url, self.answer.header("location"))

    @property
    def name(self) -> str:
        return f"canary {self.number + 1}"

    @property
    def subject(self) -> FindingSubject:
        path, scheme = f"{self.endpoint.path}.canaries.{self.number}", urlsplit(self.url).scheme.upper()
        return FindingSubject(canaries_id(self.endpoint), path, self.endpoint.host, scheme, (self.endpoint.id,))

    @property
    def vantage(self) -> Vantage:
        scheme: Literal["http", "https"] = "https" if self.url.startswith("https:") else "http"
        return self.answer.vantage if self.answer else Vantage("edge", self.endpoint.host, "", scheme)

    def secured(self) -> Cell:
        """In phase `secured` the sender writes https://; a sample of its links tells, and nothing else that is visible."""
        scheme: Literal["http", "https"] = "https" if self.url.startswith("https:") else "http"
        vantage = Vantage("edge", self.endpoint.host, "", scheme)
        if scheme == "https":
            return self.subject.right(vantage)
        problem = Violation("app.not-secured", "links written with https://", f"{self.name} is written with http://")
        return replace(self.subject.cell(problem, vantage), can_change=False)

    def could_not_check(self, reason: str, *, can_change: bool = True) -> Cell:
        return self.subject.could_not_check(self.vantage, f"{self.name}: {reason}", can_change=can_change)

    def problem(self, rule: str, observed: str, why: str = "") -> Violation:
        expected = f"{self.name} leads to {self.leads_to}"
        return Violation(rule, expected, observed, why, asked_name=f"/(canary-{self.number + 1})")

    def leads_where(self, other: _Canary) -> bool:
        """Whether this one's Location is the other's destination.

        Where the declaration has no query or no fragment, what the sender adds there is its own affair.
        """
        wanted, found = parse_url(other.leads_to), parse_url(self.lead) if self.lead else None
        if wanted is None or found is None:
            return False
        same = (wanted.scheme, wanted.host, wanted.port, wanted.path) == (
            found.scheme,
            found.host,
            found.port,
            found.path,
        )
        return same and wanted.query in ("", found.query) and wanted.fragment in ("", found.fragment)

    def is_sent_to_itself(self, *, by_other_scheme: bool = False) -> bool:
        own, found = parse_url(self.url), parse_url(self.lead)
        if own is None or found is None:
            return False
        if by_other_scheme:
            own = replace(own, scheme="https" if own.scheme == "http" else "http")
        return same_resource(own, found)


def _judge(canary: _Canary, canaries: Sequence[_Canary], sender: Answers, edge: Answers) -> Cell:
    answer = canary.answer
    if answer is None:
        return canary.could_not_check("no handshake")
    if answer.outcome != "answered":
        cell = canary.could_not_check(answer.detail)
    elif canary.lead:
        cell = _redirected(canary, answer, canaries, sender)
    else:
        cell = _not_redirected(canary, answer, canaries, sender, edge)
    return replace(cell, evidence=http_text(answer), seconds=answer.seconds)


def _redirected(canary: _Canary, answer: HttpObservation, canaries: Sequence[_Canary], sender: Answers) -> Cell:
    if canary.leads_where(canary):
        found = judge_cached(answer, sender)
        if found is None:
            return canary.subject.right(canary.vantage)
        return canary.subject.cell(canary.problem(found.rule, found.observed), canary.vantage)
    observed = f"HTTP {answer.status} to {canary.lead[:300]}"
    if canary.is_sent_to_itself(by_other_scheme=True):
        return canary.could_not_check(
            f"{observed}: the edge changes the scheme first, and no redirect is followed; name the link with that scheme"
        )
    if canary.is_sent_to_itself():
        problem = canary.problem("http.redirect-loop", f"HTTP {answer.status} to its own URL")
        return canary.subject.cell(problem, canary.vantage)
    others = [other for other in canaries if other is not canary]
    theirs = next((other for other in others if canary.leads_where(other)), None)
    alike = next((other for other in others if other.lead == canary.lead), None)
    if theirs is not None:
        why = f"that is where {theirs.name} leads: the edge gives one recipient's redirect to another"
        problem = canary.problem("http.cached", observed, why)
    elif alike is not None:
        why = f"{alike.name} gets the same, and neither leads there: the edge gives everybody one redirect"
        problem = canary.problem("http.cached", observed, why)
    else:
        problem = canary.problem("http.location-rewritten", observed)
    return canary.subject.cell(problem, canary.vantage)


def _not_redirected(
    canary: _Canary, answer: HttpObservation, canaries: Sequence[_Canary], sender: Answers, edge: Answers
) -> Cell:
    mark = edge.first(answer)
    if mark is not None:
        observed = f"HTTP {answer.status} of {canary.endpoint.edge} ({mark.id})"
        return canary.subject.cell(canary.problem(mark.meaning, observed, mark.says), canary.vantage)
    known = sender.first(answer)
    said = f"HTTP {answer.status} without a redirect" + (f" ({known.id})" if known else "")
    if (found := judge_cached(answer, sender, edge)) is not None:
        why = "the edge gives the answer to another request for this link"
        return canary.subject.cell(canary.problem("http.cached", f"{said}, {found.observed}", why), canary.vantage)
    if known is not None and known.meaning == "unknown-host":
        problem = canary.problem("http.host-not-forwarded", said, known.says)
        return canary.subject.cell(problem, canary.vantage)
    if known is None and answer.status not in _NO_LINK:
        return canary.could_not_check(f"{said}: neither the edge's nor the sender's, so nobody can tell")
    if any(other.leads_where(other) for other in canaries):
        return canary.could_not_check(
            f"{said}, while another leads where it should: the sender knows this link no longer; name a newer one",
            can_change=False,
        )
    if known is not None and known.meaning == "reached" and urlsplit(canary.url).query:
        why = "the sender's page for a link without its token: the request arrived and its query did not"
        problem = canary.problem("http.query-dropped", said, why)
    else:
        why = "no link was found at the path that arrived; if every canary is very old, name newer ones"
        problem = canary.problem("http.path-dropped", said, why)
    return canary.subject.cell(problem, canary.vantage)
