"""One endpoint's HTTP answers at one address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from infra.verify.judge.subject import Problem, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infra.expectations.model import EndpointExpectation
    from infra.verify.marks import Answers, Mark
    from infra.verify.observations import Reachability
    from infra.verify.observations_edge import HttpObservation
    from infra.verify.result import Cell, Severity

# Edges that are none: the sender's own servers answer.
_NO_EDGE = frozenset({None, "managed"})


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
    subject = Subject(endpoint.id, endpoint.path, endpoint.host, scheme.upper())
    if seen.outcome != "answered":
        cell = _unanswered(subject, seen, other, scheme, reach)
        # an optional scheme that does not answer decides nothing
        return [subject.optional(seen.vantage, cell.reason or "no answer")] if wanted == "optional" else [cell]
    problems = _about_edge(endpoint, seen, edges)
    redirect = _about_redirect(seen, other, scheme)
    verdict = _answer(endpoint, seen, sender, edges)
    problems += [item for item in (redirect, cached(seen, sender)) if item]
    if isinstance(verdict, Problem):
        problems.append(verdict)
        verdict = verdict.severity != "warning"
    if wanted == "optional":
        problems = [
            Problem(item.rule, item.expected, item.observed, item.why, "warning", item.fix) for item in problems
        ]
    if not problems and verdict is False:
        if wanted == "optional":
            return [subject.optional(seen.vantage, _unknown(seen))]
        return [subject.could_not_check(seen.vantage, _unknown(seen))]
    cells = [subject.cell(item, seen.vantage) for item in problems]
    if verdict is False and redirect is None and all(cell.state == "right" for cell in cells):
        # warnings alone do not stand in for the mark that is missing
        cells.append(subject.could_not_check(seen.vantage, _unknown(seen)))
    return cells or [subject.right(seen.vantage)]


def _unanswered(
    subject: Subject, seen: HttpObservation, other: HttpObservation | None, scheme: str, reach: Reachability
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
        return subject.cell(Problem("http.port-80-closed", expected, seen.detail), seen.vantage)
    rule = "http.timeout" if seen.outcome == "timeout" else "http.malformed"
    return subject.cell(Problem(rule, expected, seen.detail), seen.vantage)


def _answer(
    endpoint: EndpointExpectation, seen: HttpObservation, sender: Answers, edges: Mapping[str, Answers]
) -> Problem | bool:
    """True when the sender is reached, False when nobody knows, else what is wrong."""
    expected = f"an answer of {endpoint.sender}" if endpoint.sender else "an answer that is not an edge's own"
    mark = sender.first(seen)
    if mark is not None:
        if mark.meaning == "unknown-path":
            observed = f"HTTP {seen.status} of {endpoint.sender} ({mark.id})"
            # what is only inferred is said, and neither fails a run nor passes for the sender's answer
            severity: Severity | None = "warning" if mark.confidence == "low" else None
            return Problem("http.path-dropped", expected, observed, mark.says, severity)
        return True if mark.meaning == "reached" else _unknown_host(endpoint, expected, mark, seen)
    # the declared edge's own reading goes first; another's mark says that the wrong one answers
    names = sorted(edges, key=lambda name: name != endpoint.edge)
    for name in names:
        edge_mark = edges[name].first(seen)
        if edge_mark is not None and (name == endpoint.edge or not edge_mark.is_common):
            return Problem(
                edge_mark.meaning, expected, f"HTTP {seen.status} of {name} ({edge_mark.id})", edge_mark.says
            )
    return endpoint.sender is None


def _unknown_host(endpoint: EndpointExpectation, expected: str, mark: Mark, seen: HttpObservation) -> Problem:
    observed = f"HTTP {seen.status} of {endpoint.sender} ({mark.id})"
    # In `branded` and `ready` the host itself still points at the sender; only `connect` puts the edge before it.
    through_edge = endpoint.edge not in _NO_EDGE and (
        endpoint.connect is not None or endpoint.phase in {"live", "secured"}
    )
    if through_edge:
        return Problem(
            "http.host-not-forwarded",
            expected,
            observed,
            f"{mark.says}: {endpoint.edge} does not forward it, or the brand was never validated",
        )
    return Problem("app.bad-hostname", expected, observed, mark.says)


def _about_edge(endpoint: EndpointExpectation, seen: HttpObservation, edges: Mapping[str, Answers]) -> list[Problem]:
    """Another edge's identity, without the declared one's. A sender may itself stand behind an edge, so both together are fine."""
    if endpoint.edge not in edges or (endpoint.connect is None and endpoint.phase in {"branded", "ready"}):
        return []
    if endpoint.edge is None or not edges[endpoint.edge].identity:
        return []  # it has no sign of its own, so another's may be the origin's
    shown = [name for name, answers in edges.items() if answers.shows_itself(seen)]
    if endpoint.edge in shown or not shown:
        return []
    return [Problem("http.wrong-edge", f"answered by {endpoint.edge}", f"answered by {', '.join(sorted(shown))}")]


def _about_redirect(seen: HttpObservation, other: HttpObservation | None, scheme: str) -> Problem | None:
    target = _redirect(seen)
    if target is None:
        return None
    expected = "the probe served, not redirected"
    if same_url(target, seen.url):
        return Problem("http.redirect-loop", expected, f"HTTP {seen.status} to its own URL")
    back = _redirect(other) if other is not None else None
    if other is not None and same_url(target, other.url):
        if back is not None and same_url(back, seen.url):
            return Problem("http.redirect-loop", expected, f"HTTP {seen.status} to {target}, and back")
        if scheme == "http":
            return Problem("http.redirects-http", expected, f"HTTP {seen.status} to {target}")
        # HTTPS that leads to HTTP of the same URL
        return Problem("http.redirects-to-http", expected, f"HTTP {seen.status} to {target}")
    if scheme == "https" and urlsplit(target).scheme == "http" and _host(target) == _host(seen.url):
        return Problem("http.redirects-to-http", expected, f"HTTP {seen.status} to {target}")
    if scheme == "http" and urlsplit(target).scheme == "https" and _host(target) == _host(seen.url):
        return Problem("http.redirects-http", expected, f"HTTP {seen.status} to {target}")
    return None


def is_redirect(seen: HttpObservation) -> bool:
    return seen.outcome == "answered" and seen.status in {301, 302, 303, 307, 308} and bool(seen.header("location"))


def _redirect(seen: HttpObservation) -> str | None:
    if not is_redirect(seen):
        return None
    try:
        return urljoin(seen.url, seen.header("location"))
    except ValueError:
        return None


def same_url(first: str, second: str) -> bool:
    """The same URL, whatever the port: behind an edge, or in a lab, the port that was asked is not the public one."""
    try:
        one, two = urlsplit(first), urlsplit(second)
        return (one.scheme, _host(first), one.path or "/", one.query) == (
            two.scheme,
            _host(second),
            two.path or "/",
            two.query,
        )
    except ValueError:
        return False


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def cached(seen: HttpObservation, sender: Answers) -> Problem | None:
    """A probe that nobody asked before cannot be in a cache, unless the cache serves one answer for all.

    A sender may ask for a short one, so that scanners that ask twice count once.
    """
    expected = "an answer from the origin"
    age = seen.header("age")
    if age.isascii() and age.isdigit() and int(age[:9]) <= sender.cache_seconds > 0:
        return None
    if age.isascii() and age.isdigit() and int(age[:9]) > 0:
        return Problem("http.cached", expected, f"Age: {age[:9]}")
    if seen.header("x-cache").lower().startswith(("hit", "refreshhit")):
        return Problem("http.cached", expected, f"X-Cache: {seen.header('x-cache')}")
    if seen.header("cf-cache-status").upper() in {"HIT", "STALE", "UPDATING", "REVALIDATED"}:
        return Problem("http.cached", expected, f"cf-cache-status: {seen.header('cf-cache-status')}")
    return None


def _unknown(seen: HttpObservation) -> str:
    server = seen.header("server") or "no Server header"
    return f"HTTP {seen.status} ({server[:60]}) has no known mark: nobody can tell whether this is the sender"
