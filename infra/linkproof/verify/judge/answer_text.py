"""What each cell's vantage answered, as text for people: put beside the verdict so that nobody has to take our word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import NoUsableReply

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import (
        EndpointObservation,
        HttpObservation,
        PresentedCertificate,
        TlsObservation,
    )
    from linkproof.verify.observations.record import RecordAnswers
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.result import Cell

    _Dates = tuple[datetime, datetime]

# Enough to recognise an answer; `--save` keeps the whole of it.
MAX_RECORDS, MAX_VALUE, MAX_HEADERS, MAX_BODY, MAX_TEXT = 12, 200, 25, 300, 3000


def with_record_evidence(
    cells: list[Cell],
    answers: Iterable[RecordAnswers],
    target: Resolved | None = None,
    *,
    with_text: bool = True,
) -> list[Cell]:
    """Cells of a record with what authorities or resolvers answered.

    Args:
        cells: of one record, fresh from the judge: they are completed as they are.
        answers: what was said about it.
        target: where its CNAME leads.
        with_text: also as text; how long it took is kept in any case.
    """
    said = [answer for item in answers for answer in _all_of(item) if answer is not None]
    if target is not None and target.last is not None:
        said.append(target.last)
    return _with(cells, said, with_text=with_text)


def with_zone_evidence(cells: list[Cell], zone: ZoneObservation, *, with_text: bool = True) -> list[Cell]:
    return _with(cells, [*zone.soa.values(), *zone.ns.values()], with_text=with_text)


def with_endpoint_evidence(cells: list[Cell], seen: EndpointObservation, *, with_text: bool = True) -> list[Cell]:
    """Cells of an endpoint with its handshakes, certificates and HTTP answers."""
    texts: dict[Vantage, tuple[str, float | None, _Dates | None]] = {}
    parents = [parent for parent in seen.parents.values() if parent.tls is not None]
    for handshake in (*seen.tls.values(), *(parent.tls for parent in parents if parent.tls is not None)):
        path = handshake.path[:-1] if len(handshake.path) > 1 else handshake.served[:1]
        dates = (path[0].not_before, min(certificate.not_after for certificate in path)) if path else None
        texts[handshake.vantage] = (tls_text(handshake) if with_text else "", handshake.seconds, dates)
    answers = [*seen.https.values(), *seen.http.values()]
    answers += [parent.answer for parent in parents if parent.answer is not None]
    for answer in answers:
        texts[answer.vantage] = (http_text(answer) if with_text else "", answer.seconds, None)
    for found in (seen.resolved, seen.https_record, seen.owner):
        if found is not None and found.last is not None:
            text = dns_text(found.last) if with_text else ""
            texts.setdefault(found.last.vantage, (text, _seconds(found.last), None))
    return _attach(cells, texts)


def _all_of(answers: RecordAnswers) -> list[Answer | None]:
    return [answers.own, answers.address, *answers.users, *(last for _, last in answers.again)]


def dns_text(answer: Answer) -> str:
    """One DNS answer, close to how kdig and dig print it."""
    question = f"{answer.name} {answer.type}?"
    if isinstance(answer, NoUsableReply):
        return f"{question} no answer: {' '.join(part for part in (answer.kind, answer.detail) if part)}"
    flags = " aa" if answer.authoritative else ""
    lines = [f"{question} {answer.rcode}{flags}, {answer.seconds * 1000:.1f} ms over {answer.vantage.transport}"]
    records = [*answer.answer, *answer.authority]
    lines += [
        f"{record.name} {record.ttl_seconds} {record.type} {_cut(record.value, MAX_VALUE)}"
        for record in records[:MAX_RECORDS]
    ]
    if len(records) > MAX_RECORDS:
        lines.append(f"and {len(records) - MAX_RECORDS} more records")
    return "\n".join(lines)


def tls_text(seen: TlsObservation) -> str:
    if seen.outcome != "answered":
        return f"TLS handshake: {seen.outcome} {seen.detail}".rstrip()
    trust = "a path to a trust anchor" if seen.verify_code == 0 else f"{seen.verify_message} ({seen.verify_code})"
    lines = [f"{seen.version}, {trust}"]
    lines += [f"sent {position}: {_certificate(one)}" for position, one in enumerate(seen.served)]
    if seen.other is not None:
        lines += ["", tls_text(seen.other)]
    return "\n".join(lines)


def http_text(seen: HttpObservation) -> str:
    if seen.outcome != "answered":
        return f"{seen.url}: {seen.outcome} {seen.detail}".rstrip()
    lines = [seen.url, f"HTTP {seen.status}"]
    lines += [f"{name}: {_cut(value, MAX_VALUE)}" for name, value in seen.headers[:MAX_HEADERS]]
    if len(seen.headers) > MAX_HEADERS:
        lines.append(f"and {len(seen.headers) - MAX_HEADERS} more headers")
    if seen.body:
        lines += ["", _cut(seen.body[: MAX_BODY * 4].decode("utf-8", "replace"), MAX_BODY)]
    return "\n".join(lines)


def _certificate(one: PresentedCertificate) -> str:
    names = ", ".join(one.names[:6]) + (f" and {len(one.names) - 6} more" if len(one.names) > 6 else "")
    return f"{names or 'no name'}; issued by {_cut(one.issuer, MAX_VALUE)}; {one.not_before:%Y-%m-%d} to {one.not_after:%Y-%m-%d}"


def _with(cells: list[Cell], answers: Iterable[Answer], *, with_text: bool) -> list[Cell]:
    if not with_text:
        slowest: dict[Vantage, float | None] = {}
        for answer in answers:
            before, taken = slowest.get(answer.vantage), _seconds(answer)
            slowest[answer.vantage] = before if taken is None or (before is not None and before >= taken) else taken
        for cell in cells:
            cell.seconds = slowest.get(cell.vantage, cell.seconds)
        return cells
    texts: dict[Vantage, tuple[str, float | None, _Dates | None]] = {}
    for answer in answers:
        text, seconds, _ = texts.get(answer.vantage, ("", None, None))
        more = dns_text(answer)
        whole = more if not text else text if more in text.split("\n\n") else f"{text}\n\n{more}"
        taken = _seconds(answer)
        texts[answer.vantage] = (whole, max((one for one in (seconds, taken) if one is not None), default=None), None)
    return _attach(cells, texts)


def _attach(cells: list[Cell], texts: Mapping[Vantage, tuple[str, float | None, _Dates | None]]) -> list[Cell]:
    for cell in cells:
        found = texts.get(cell.vantage)
        if found is not None:
            text, cell.seconds, dates = found
            cell.evidence = _cut(text, MAX_TEXT)
            cell.not_before, cell.not_after = dates or (None, None)
    return cells


def _seconds(answer: Answer) -> float | None:
    return None if isinstance(answer, NoUsableReply) else answer.seconds


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
