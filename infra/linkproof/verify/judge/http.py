"""One endpoint's HTTP answers at one address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.contract.declared import MANAGED
from linkproof.urls import Url, location_of, parse_url, same_resource
from linkproof.verify.judge.cached import judge_cached
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.marks import strangers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.mark import Mark
    from linkproof.verify.marks import Answers
    from linkproof.verify.observations.edge import HttpObservation
    from linkproof.verify.observations.vantage import Reachability
    from linkproof.verify.result import Cell, Severity

# Edges that are none: the sender's own servers answer.
_NO_EDGE = frozenset({None, MANAGED})


def judge_http(
    endpoint: EndpointExpectation,
    seen: HttpObservation,
    other: HttpObservation | None,
    sender: Answers,
    edges: Mapping[str, Answers],
    reach: Reachability,
) -> list[Cell]:
    """Judge the probe over one scheme.

    Args:
        endpoint: the expectation.
        seen: the answer.
        other: the answer over the other scheme at the same address, where it was asked.
        sender: the sender's marks.
        edges: every known edge's marks, by name.
        reach: what else answered.
    """
    scheme = seen.url.partition(":")[0]
    wanted = endpoint.http if scheme == "http" else endpoint.https
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, scheme.upper())
    if seen.outcome != "answered":
        cell = _unanswered(subject, seen, other, scheme, reach)
        # an optional scheme that does not answer decides nothing
        return [subject.optional(seen.vantage, cell.reason or "no answer")] if wanted == "optional" else [cell]
    identity = _about_edge(endpoint, seen, edges)
    problems = [identity] if isinstance(identity, Violation) else []
    redirect = _about_redirect(seen, other, scheme)
    verdict = _answer(endpoint, seen, sender, edges)
    problems += [item for item in (redirect, judge_cached(seen, sender, edges.get(endpoint.edge or ""))) if item]
    if isinstance(verdict, Violation):
        problems.append(verdict)
        verdict = verdict.severity != "warning"
    if wanted == "optional":
        problems = [
            Violation(item.rule, item.expected, item.observed, item.why, "warning", item.fix) for item in problems
        ]
    unknown = [unknown_answer(seen)] if verdict is False and redirect is None else []
    unknown += [identity] if isinstance(identity, str) and identity else []
    cells = [subject.cell(item, seen.vantage) for item in problems]
    if unknown and all(cell.state == "right" for cell in cells):
        # warnings alone do not stand in for the mark that is missing
        tell = subject.optional if wanted == "optional" else subject.could_not_check
        cells += [tell(seen.vantage, reason) for reason in unknown]
    return cells or [subject.right(seen.vantage)]


def _unanswered(
    subject: FindingSubject, seen: HttpObservation, other: HttpObservation | None, scheme: str, reach: Reachability
) -> Cell:
    expected = f"an answer to {seen.url}"
    other_works = other is not None and other.outcome == "answered"
    works = other_works or reach.works_elsewhere("http", seen.vantage.family, frozenset({seen.vantage.address}))
    if seen.outcome == "unreachable":
        return subject.could_not_check(seen.vantage, f"no way from here: {seen.detail}")
    if seen.outcome == "timeout" and not works:
        return subject.could_not_check(
            seen.vantage, f"{seen.detail}, and TCP over IPv{seen.vantage.family} reached nobody else from here"
        )
    is_closed = seen.outcome == "refused" or seen.detail == "no connection in time"
    if scheme == "http" and is_closed:
        return subject.cell(Violation("http.port-80-closed", expected, seen.detail), seen.vantage)
    rule = "http.timeout" if seen.outcome == "timeout" else "http.malformed"
    return subject.cell(Violation(rule, expected, seen.detail), seen.vantage)


def _answer(
    endpoint: EndpointExpectation, seen: HttpObservation, sender: Answers, edges: Mapping[str, Answers]
) -> Violation | bool:
    """True when the sender is reached, False when nobody knows, else what is wrong."""
    expected = f"an answer of {endpoint.sender}" if endpoint.sender else "an answer that is not an edge's own"
    mark = sender.first(seen)
    if mark is not None:
        if mark.meaning == "unknown-path":
            observed = f"HTTP {seen.status} of {endpoint.sender} ({mark.id})"
            # what is only inferred is said, and neither fails a run nor passes for the sender's answer
            severity: Severity | None = "warning" if mark.confidence == "low" else None
            return Violation("http.path-dropped", expected, observed, mark.says, severity)
        return True if mark.meaning == "reached" else _unknown_host(endpoint, expected, mark, seen)
    # the declared edge's own reading goes first; another's mark says that the wrong one answers
    names = sorted(edges, key=lambda name: name != endpoint.edge)
    for name in names:
        edge_mark = edges[name].first(seen)
        if edge_mark is not None and (name == endpoint.edge or not edge_mark.is_common):
            return Violation(
                edge_mark.meaning, expected, f"HTTP {seen.status} of {name} ({edge_mark.id})", edge_mark.says
            )
    stranger = strangers().first(seen) if endpoint.sender else None
    if stranger is not None:
        return Violation(stranger.meaning, expected, f"HTTP {seen.status} ({stranger.id})", stranger.says)
    return endpoint.sender is None


def _unknown_host(endpoint: EndpointExpectation, expected: str, mark: Mark, seen: HttpObservation) -> Violation:
    observed = f"HTTP {seen.status} of {endpoint.sender} ({mark.id})"
    # In `branded` and `ready` the host itself still points at the sender; only `connect` puts the edge before it.
    through_edge = endpoint.edge not in _NO_EDGE and (
        endpoint.connect is not None or endpoint.phase in {"live", "secured"}
    )
    if through_edge:
        return Violation(
            "http.host-not-forwarded",
            expected,
            observed,
            f"{mark.says}: {endpoint.edge} does not forward it, or the brand was never validated",
        )
    return Violation("app.bad-hostname", expected, observed, mark.says)


def _about_edge(endpoint: EndpointExpectation, seen: HttpObservation, edges: Mapping[str, Answers]) -> Violation | str:
    """What says that the declared edge did not answer, or why nobody can tell whether it did; empty when it did.

    A sender may itself stand behind an edge, so another's sign beside the declared one's is fine.
    """
    name = endpoint.edge
    if name is None or name not in edges or (endpoint.connect is None and endpoint.phase in {"branded", "ready"}):
        return ""
    declared = edges[name]
    if not declared.identity or declared.shows_itself(seen):
        return ""
    own_page = declared.first(seen)
    if own_page is not None and not own_page.is_common:
        return ""  # without a sign of its own another's may be the origin's
    others = sorted(other for other, answers in edges.items() if answers.shows_itself(seen))
    if others:
        return Violation("http.wrong-edge", f"answered by {name}", f"answered by {', '.join(others)}")
    signs = " or ".join(header for header, _ in declared.identity)
    if declared.is_always_signed:
        why = f"{name} adds {signs} to whatever it answers"
        return Violation("http.wrong-edge", f"answered by {name}", f"HTTP {seen.status} without {signs}", why)
    return f"HTTP {seen.status} without {signs}: nobody can tell whether {name} answered"


def _about_redirect(seen: HttpObservation, other: HttpObservation | None, scheme: str) -> Violation | None:
    """A redirect to the host itself, by either scheme; one to elsewhere is the sender's or unknown."""
    target = _redirect(seen)
    asked = parse_url(seen.url) if target is not None else None
    if target is None or asked is None or target.host != asked.host:
        return None
    observed = f"HTTP {seen.status} to {_shown(target)}"
    if (target.path, target.query) != (asked.path, asked.query):
        return Violation("http.redirect-loses-link", f"{_shown(asked)} served, or its path and query kept", observed)
    expected = "the probe served, not redirected"
    if target.scheme == asked.scheme:
        return Violation("http.redirect-loop", expected, f"HTTP {seen.status} to its own URL")
    back = _redirect(other) if other is not None else None
    if back is not None and same_resource(back, asked):
        return Violation("http.redirect-loop", expected, f"{observed}, and back")
    if (scheme, target.scheme) == ("http", "https"):
        return Violation("http.redirects-http", expected, observed)
    if (scheme, target.scheme) == ("https", "http"):
        return Violation("http.redirects-to-http", expected, observed)
    return None


def is_redirect(seen: HttpObservation) -> bool:
    return seen.outcome == "answered" and seen.status in {301, 302, 303, 307, 308} and bool(seen.header("location"))


def _redirect(seen: HttpObservation) -> Url | None:
    return parse_url(location_of(seen.url, seen.header("location"))) if is_redirect(seen) else None


def _shown(url: Url) -> str:
    return f"{url.scheme}://{url.host}{url.path}" + (f"?{url.query}" if url.query else "")


def unknown_answer(seen: HttpObservation) -> str:
    """Why an answer that nobody is known by decides nothing."""
    server = seen.header("server") or "no Server header"
    leads = f" to {location_of(seen.url, seen.header('location'))[:200]}" if is_redirect(seen) else ""
    return f"HTTP {seen.status}{leads} ({server[:60]}) has no known mark: nobody can tell whether this is the sender"
