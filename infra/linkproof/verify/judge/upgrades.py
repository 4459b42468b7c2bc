"""What makes browsers turn http:// links into https:// before the host can serve it: HTTPS records and HSTS of zones above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.registrable import preloaded_suffix
from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.judge.tls import covers
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import EndpointExpectation
    from linkproof.verify.observations.edge import EndpointObservation, ParentObservation
    from linkproof.verify.result import Cell


def judge_upgrades(endpoint: EndpointExpectation, seen: EndpointObservation, now: datetime) -> list[Cell]:
    """Judge both ways; where the host serves https:// as it should, an upgrade hurts nobody.

    Args:
        endpoint: the expectation; only links that are still http are asked about.
        seen: the HTTPS record and the parents' answers.
        now: the moment of judging.
    """
    subject = FindingSubject(endpoint.id, endpoint.path, endpoint.host, "HTTPS")
    cells: list[Cell] = []
    works = _https_works(endpoint, seen, now)
    record = seen.https_record
    if record is not None and record.status == "found" and record.last is not None and not works:
        observed = f"{' → '.join(record.chain)} HTTPS {'; '.join(item.value for item in record.records)}"
        problem = Violation(
            "http.https-record-upgrades",
            "no HTTPS record while links are http",
            observed,
            asked_name=record.chain[-1],
            asked_type="HTTPS",
        )
        cells.append(subject.cell(problem, record.last.vantage))
    suffix = preloaded_suffix(endpoint.host) if endpoint.links_are_http else ""
    if suffix and not works:
        expected, why = (
            "no suffix that browsers preload while links are http",
            f"every browser asks below .{suffix} by https:// alone",
        )
        problem = Violation("http.hsts-breaks-http", expected, f"{endpoint.host} is below .{suffix}", why)
        cells.append(subject.cell(problem, Vantage("edge", endpoint.host, "", "https")))
    if endpoint.links_are_http:
        for name in endpoint.hsts_parents:
            if name not in seen.parents:
                reason = (
                    f"the HSTS policy of {name} was not asked for: only the nearest {len(seen.parents)} names above are"
                )
                cells.append(subject.optional(Vantage("edge", name, "", "https"), reason))
    for name, parent in sorted(seen.parents.items()):
        policy = _policy(name, parent, now)
        if policy and not works:
            vantage = parent.answer.vantage if parent.answer else Vantage("edge", name, "", "https")
            problem = Violation(
                "http.hsts-breaks-http", f"no includeSubDomains at {name} while links are http", f"{name}: {policy}"
            )
            cells.append(subject.cell(problem, vantage))
        elif _is_unknown(parent):
            vantage = parent.tls.vantage if parent.tls else Vantage("edge", name, "", "https")
            cells.append(subject.optional(vantage, f"the HSTS policy of {name} could not be seen"))
    return cells


def _policy(name: str, parent: ParentObservation, now: datetime) -> str:
    """The policy that browsers would keep: over a connection without any certificate error (RFC 6797 §8.1)."""
    tls, answer = parent.tls, parent.answer
    if tls is None or answer is None or tls.verify_code != 0 or not tls.served:
        return ""
    leaf = tls.served[0]
    if not any(covers(item, name) for item in leaf.names) or not leaf.not_before <= now <= leaf.not_after:
        return ""
    value = next((text for key, text in answer.headers if key == "strict-transport-security"), "")
    directives = {
        part.partition("=")[0].strip().lower(): part.partition("=")[2].strip(' "') for part in value.split(";")
    }
    seconds = directives.get("max-age", "")
    is_kept = seconds.isascii() and seconds.isdigit() and int(seconds[:12]) > 0
    return value[:200] if is_kept and "includesubdomains" in directives else ""


def _is_unknown(parent: ParentObservation) -> bool:
    """An apex without address, or without HTTPS, sends no policy; one that cannot be reached may."""
    if parent.resolved.status == "unknown":
        return True
    return parent.tls is not None and parent.tls.outcome in {"timeout", "unreachable"}


def _https_works(endpoint: EndpointExpectation, seen: EndpointObservation, now: datetime) -> bool:
    """Whether every address serves https:// for the host without an error."""
    handshakes = list(seen.tls.values())
    return bool(handshakes) and all(
        tls.outcome == "answered"
        and tls.verify_code == 0
        and bool(tls.served)
        and any(covers(name, endpoint.host) for name in tls.served[0].names)
        and tls.served[0].not_before <= now <= tls.served[0].not_after
        for tls in handshakes
    )
