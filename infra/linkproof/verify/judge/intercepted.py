"""A sender's error page that an edge replaces: real links work at an address, and the safe probe's answer is nobody's that is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.http import unknown_answer
from linkproof.verify.judge.subject import FindingSubject, Violation, bounded

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import EndpointObservation, HttpObservation
    from linkproof.verify.result import Cell


def judge_intercepted(
    endpoint: EndpointExpectation, seen: EndpointObservation, cells: Sequence[Cell], canaries: Sequence[Cell]
) -> list[Cell]:
    """The endpoint's cells again; an unknown answer where every canary is right is the edge's page in place of the sender's.

    Args:
        cells: what was judged of the endpoint.
        canaries: what was judged of its canaries, all of which were asked at one address; they tell about their own scheme alone.
    """
    followed = {(cell.vantage.transport, cell.vantage.address) for cell in canaries}
    if not followed or any(cell.state != "right" or cell.warnings for cell in canaries):
        return list(cells)
    unknown = {
        (answer.vantage, bounded(unknown_answer(answer))): answer
        for scheme, by_address in (("http", seen.http), ("https", seen.https))
        for address, answer in by_address.items()
        if (scheme, address) in followed and answer.outcome == "answered"
    }
    return [
        _intercepted(endpoint, cell, unknown[cell.vantage, cell.reason])
        if cell.state == "could-not-check" and (cell.vantage, cell.reason) in unknown
        else cell
        for cell in cells
    ]


def _intercepted(endpoint: EndpointExpectation, cell: Cell, answer: HttpObservation) -> Cell:
    scheme = answer.url.partition(":")[0].upper()
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, scheme)
    page = "an error page" if answer.status >= 400 else "a page"
    problem = Violation(
        "http.errors-intercepted",
        f"{endpoint.sender}'s own page for an empty token",
        f"HTTP {answer.status} with {page} that is not {endpoint.sender}'s, while every canary leads where it should",
    )
    return replace(subject.cell(problem, cell.vantage), evidence=cell.evidence, seconds=cell.seconds)
