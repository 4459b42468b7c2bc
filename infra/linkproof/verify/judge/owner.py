"""Whose zone and whose edge answer: the nonce of the stack, as TXT and as a response header."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import EndpointObservation
    from linkproof.verify.result import Cell

# The response header that an edge of the stack adds.
NONCE_HEADER = "x-linkproof"


def judge_owner(endpoint: EndpointExpectation, seen: EndpointObservation) -> list[Cell]:
    """The right value from the wrong zone or distribution looks right in every other way.

    Args:
        endpoint: with the nonce that is expected; without one there is nothing to judge.
        seen: the TXT at `_linkproof.<host>` and the answers over HTTP. Either place suffices, for some edges can add no header.
    """
    if endpoint.nonce is None:
        return []
    cells = [*_txt(endpoint, seen), *_headers(endpoint, seen)]
    if cells:
        return cells
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "TXT")
    vantage = Vantage("edge", endpoint.host, "", "https")
    reason = f"a nonce is declared, and neither _linkproof.{endpoint.host} nor the header {NONCE_HEADER} shows any"
    return [subject.could_not_check(vantage, reason)]


def _txt(endpoint: EndpointExpectation, seen: EndpointObservation) -> list[Cell]:
    found = seen.owner
    if found is None or found.status != "found" or found.last is None:
        return []
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "TXT")
    values = [record.value for record in found.records]
    if endpoint.nonce in values:
        return [subject.right(found.last.vantage)]
    problem = Violation(
        "dns.wrong-owner", f"nonce {endpoint.nonce}", ", ".join(values), asked_name=found.chain[0], asked_type="TXT"
    )
    return [subject.cell(problem, found.last.vantage)]


def _headers(endpoint: EndpointExpectation, seen: EndpointObservation) -> list[Cell]:
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "HTTPS")
    cells = []
    for _, answer in sorted({**seen.http, **seen.https}.items()):
        if not answer.has_header(NONCE_HEADER):
            continue
        value = answer.header(NONCE_HEADER)
        if value == endpoint.nonce:
            cells.append(subject.right(answer.vantage))
        else:
            cells.append(
                subject.cell(Violation("http.wrong-owner", f"nonce {endpoint.nonce}", value[:100]), answer.vantage)
            )
    return cells
