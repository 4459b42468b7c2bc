"""One endpoint's TLS at one address."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from linkproof.contract.declared import MANAGED
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.judge.tls_strength import judge_strength
from linkproof.verify.judge.tls_trust import judge_anchor, judge_trust

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.marks import Answers
    from linkproof.verify.observations.edge import PresentedCertificate, TlsObservation
    from linkproof.verify.observations.vantage import Reachability
    from linkproof.verify.result import Cell, Severity

_TOO_OLD = frozenset({"SSLv3", "TLSv1", "TLSv1.1"})
# Two addresses may show certificates of the same renewal, issued hours apart.
_RENEWED = timedelta(days=7)


def judge_tls(
    endpoint: EndpointExpectation,
    seen: TlsObservation,
    reach: Reachability,
    now: datetime,
    *,
    owners: tuple[Answers, ...] = (),
    newest: datetime | None = None,
) -> list[Cell]:
    """Judge one handshake; each fault is a cell of its own, for one does not excuse another.

    Args:
        endpoint: the expectation.
        seen: what the server showed.
        reach: what else answered, so that a silent port can be told from a blocked network.
        now: the moment of judging.
        owners: senders and edges whose own certificates are known, so that theirs can be named.
        newest: the latest end of a certificate that any address of the endpoint showed.
    """
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "TLS")
    problem = _unanswered(endpoint, subject, seen, reach)
    if problem is not None:
        is_optional = endpoint.https in {"optional", "awaited"}
        return [
            subject.optional(seen.vantage, problem.reason or seen.detail or seen.outcome) if is_optional else problem
        ]
    problems = list(_problems(endpoint, seen, now, owners, newest))
    if endpoint.https == "awaited" and any(problem.rule == "tls.name-mismatch" for problem in problems):
        shown = _listed(seen.served[0].names)
        return [
            subject.optional(
                seen.vantage, f"{endpoint.host} is not in use yet: a certificate for {shown} is shown for it"
            )
        ]
    if seen.other is not None:
        # some clients get the one, some the other; what both have in common is said once
        said = {(problem.rule, problem.observed) for problem in problems}
        kind = seen.other.served[0].key_type
        problems += [
            replace(problem, observed=f"{problem.observed} (the {kind} certificate)")
            for problem in _problems(endpoint, seen.other, now, owners, None)
            if problem.rule != "tls.too-old" and (problem.rule, problem.observed) not in said
        ]
    if endpoint.https == "optional":
        problems = [
            Violation(item.rule, item.expected, item.observed, item.why, "warning", item.fix) for item in problems
        ]
    if not problems and seen.verify_code < 0 and endpoint.tls.trust == "public":
        return [
            subject.could_not_check(seen.vantage, f"the chain: the second handshake failed ({seen.verify_message})")
        ]
    if endpoint.https == "awaited":
        problems.append(Violation("tls.in-use", "to be waited for still", f"a certificate for {endpoint.host}"))
    return [subject.cell(item, seen.vantage) for item in problems] or [subject.right(seen.vantage)]


def covers(name: str, host: str) -> bool:
    """Whether a certificate's name covers a host: whole labels, a wildcard for exactly the leftmost one (RFC 9525 §6.3)."""
    name, host = name.lower().rstrip("."), host.lower().rstrip(".")
    if name.startswith("*."):
        return "." in name[2:] and host.partition(".")[2] == name[2:] and bool(host.partition(".")[0])
    return name == host


def _unanswered(
    endpoint: EndpointExpectation, subject: FindingSubject, seen: TlsObservation, reach: Reachability
) -> Cell | None:
    expected = "a TLS handshake"
    if seen.outcome == "answered":
        return None
    if seen.outcome == "refused":
        return subject.cell(Violation("tls.refused", expected, "connection refused"), seen.vantage)
    if seen.outcome == "failed":
        rule = "tls.own-https-missing" if endpoint.edge == MANAGED else "tls.handshake-failed"
        return subject.cell(Violation(rule, expected, seen.detail), seen.vantage)
    if seen.outcome == "timeout" and reach.works_elsewhere(
        "tls", seen.vantage.family, frozenset({seen.vantage.address})
    ):
        return subject.cell(Violation("tls.timeout", expected, "no answer in time"), seen.vantage)
    if seen.outcome == "timeout":
        return subject.could_not_check(
            seen.vantage, f"no answer in time, and TCP over IPv{seen.vantage.family} reached nobody else from here"
        )
    return subject.could_not_check(seen.vantage, f"no way from here: {seen.detail}")


def _problems(
    endpoint: EndpointExpectation,
    seen: TlsObservation,
    now: datetime,
    owners: tuple[Answers, ...],
    newest: datetime | None,
) -> list[Violation]:
    problems = []
    if seen.version in _TOO_OLD:
        problems.append(Violation("tls.too-old", "TLS 1.2 or newer", seen.version))
    if not seen.served:
        return [*problems, Violation("tls.handshake-failed", "a certificate", "none was sent")]
    leaf = seen.served[0]
    if not any(covers(name, endpoint.host) for name in leaf.names):
        expected, observed = f"a certificate for {endpoint.host}", f"a certificate for {_listed(leaf.names)}"
        if endpoint.edge == MANAGED:
            # the sender's own certificate says nothing of a way past an edge: there is none to go past
            problems.append(Violation("tls.own-https-missing", expected, observed))
        else:
            whose = next((owner.own_names_say for owner in owners if owner.is_own_certificate(leaf.names)), "")
            problems.append(Violation("tls.name-mismatch", expected, observed, whose))
    # Certificates that were sent but are not on the path (an old cross-signature, say) hurt nobody. An anchor's dates are its own fault.
    path = seen.path[:-1] if len(seen.path) > 1 else (leaf,)
    dates = _dates(path, now)
    problems += dates or _days_left(endpoint, path, now, newest)
    problems += judge_strength(path)
    if endpoint.tls.trust == "public":
        # what is renewed today comes with an anchor of today
        problems += judge_trust(seen) or ([] if dates else judge_anchor(seen, now))
    return problems


def _dates(path: tuple[PresentedCertificate, ...], now: datetime) -> list[Violation]:
    for position, certificate in enumerate(path):
        what = "the certificate" if position == 0 else f"intermediate {position}"
        if now > certificate.not_after:
            return [
                Violation(
                    "tls.expired",
                    "a certificate that is valid now",
                    f"{what} expired {certificate.not_after:%Y-%m-%d %H:%M} UTC",
                )
            ]
        if now < certificate.not_before:
            return [
                Violation(
                    "tls.not-yet-valid",
                    "a certificate that is valid now",
                    f"{what} is valid from {certificate.not_before:%Y-%m-%d %H:%M} UTC",
                )
            ]
    return []


def _days_left(
    endpoint: EndpointExpectation, path: tuple[PresentedCertificate, ...], now: datetime, newest: datetime | None
) -> list[Violation]:
    renewal, end = endpoint.tls.renewal, min(certificate.not_after for certificate in path)
    reminder, left = renewal.reminder(path[0].not_before, end), end - now
    if now <= reminder:
        return []
    if newest is not None and newest - path[0].not_after > _RENEWED:
        observed = f"{left.days} days left here, a certificate until {newest:%Y-%m-%d} elsewhere"
        return [Violation("tls.renewed-in-part", "the new certificate at every address", observed)]
    last = renewal.last_day(end)
    observed = f"{left.days} days left" + (f"; the last day to act is {last} in Japan" if last else "")
    severity: Severity | None = "error" if renewal.is_too_late(end, now) else None
    return [Violation("tls.expires-soon", f"at least {(end - reminder).days} days left", observed, severity=severity)]


def _listed(names: tuple[str, ...]) -> str:
    shown = ", ".join(names[:4]) or "no name at all"
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown
