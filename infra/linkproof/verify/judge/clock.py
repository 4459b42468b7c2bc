"""Whether it is the world that is out of its time, or this machine's clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from statistics import median
from typing import TYPE_CHECKING

from linkproof.verify.judge.subject import FindingSubject, Violation
from linkproof.verify.observations.vantage import Vantage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from linkproof.verify.observations.edge import EndpointObservation, HttpObservation, PresentedCertificate
    from linkproof.verify.result import Cell

CLOCK_ID = "clock"
# Certificates and signatures are made an hour or more before they are valid from, so less than that breaks nothing.
OFF = timedelta(hours=1)
AGREES = timedelta(minutes=10)
# The share of all that must point in one direction.
MOST = 0.8
_EARLY = frozenset({"tls.not-yet-valid", "dns.dnssec-not-yet-valid"})
_LATE = frozenset({"tls.expired", "dns.dnssec-expired"})
_WHY = "most of what has a date is out of its time in the same direction: before anything else this machine's clock is to be doubted"
_FIX = "look at this machine's clock first (finding clock.off); only if it is right, {fix}"


@dataclass(frozen=True, slots=True)
class ClockWitnesses:
    """What can tell whose clock is wrong.

    Args:
        ahead: by the edge's address, how much later its clock is than ours.
        certificates: of each that was shown, its SHA-256: one that serves many hosts is one witness.
        late: what has expired, certificates and ids of signed zones.
        early: what is not valid yet.
    """

    ahead: Mapping[str, timedelta]
    certificates: frozenset[bytes]
    late: frozenset[bytes | str]
    early: frozenset[bytes | str]

    @classmethod
    def among(
        cls, seen: Iterable[EndpointObservation], cells: Mapping[str, Iterable[Cell]], now: datetime
    ) -> ClockWitnesses:
        """Those of one round.

        Args:
            seen: what the endpoints of this round showed.
            cells: everything that was judged.
            now: by the clock in question.
        """
        seen = list(seen)
        ahead = {
            answer.vantage.address: offset
            for one in seen
            for answer in (*one.https.values(), *one.http.values())
            if (offset := _offset(answer, now)) is not None
        }
        ders = {tls.served[0].der: tls.served[0] for one in seen for tls in one.tls.values() if tls.served}
        leaves = {sha256(der).digest(): leaf for der, leaf in ders.items()}
        late, early = _out_of_time(leaves, cells, now)
        return cls(ahead, frozenset(leaves), frozenset(late), frozenset(early))

    @classmethod
    def of_all(cls, several: Sequence[ClockWitnesses]) -> ClockWitnesses:
        """Those of several shares of one round."""
        if len(several) == 1:
            return several[0]
        return cls(
            {address: offset for one in several for address, offset in one.ahead.items()},
            frozenset().union(*(one.certificates for one in several)),
            frozenset().union(*(one.late for one in several)),
            frozenset().union(*(one.early for one in several)),
        )


def judge_clock(witnesses: ClockWitnesses, now: datetime) -> list[Cell]:
    """One cell where the clock is to be doubted, else none.

    Args:
        now: by the clock in question.
    """
    problem = _by_dates(witnesses, now) or _by_validity(witnesses, now)
    if problem is None:
        return []
    subject, vantage = FindingSubject(CLOCK_ID, "", "", "Date"), Vantage("edge", "every edge", "", "https")
    finding = subject.cell(problem, vantage)
    reason = "whether certificates and signatures are within their time: our clock is to be doubted"
    return [replace(subject.could_not_check(vantage, reason), warnings=finding.warnings)]


def doubted(cells: list[Cell]) -> list[Cell]:
    """Cells whose finding is about a date, with the advice that comes first where the clock is to be doubted."""
    return [
        replace(cell, finding=replace(cell.finding, why=_WHY, fix=_FIX.format(fix=cell.finding.fix)))
        if cell.finding is not None and cell.finding.rule in _EARLY | _LATE
        else cell
        for cell in cells
    ]


def _offset(answer: HttpObservation, now: datetime) -> timedelta | None:
    """How much later the edge's clock is than ours; what a cache kept has aged since its Date."""
    try:
        date = parsedate_to_datetime(answer.header("date"))
        age = int(answer.header("age") or 0)
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return date + timedelta(seconds=age) - now
    except (ValueError, TypeError, OverflowError):
        return None


def _out_of_time(
    leaves: Mapping[bytes, PresentedCertificate], cells: Mapping[str, Iterable[Cell]], now: datetime
) -> tuple[set[bytes | str], set[bytes | str]]:
    """What has expired and what is not valid yet: each certificate once, and each signed zone once."""
    late: set[bytes | str] = {key for key, one in leaves.items() if now > one.not_after}
    early: set[bytes | str] = {key for key, one in leaves.items() if now < one.not_before}
    for cell in (cell for group in cells.values() for cell in group if cell.finding is not None):
        rule = cell.finding.rule if cell.finding else ""
        if rule.startswith("dns.") and rule in _LATE | _EARLY and cell.finding:
            (late if rule in _LATE else early).add(cell.finding.id)
    return late, early


def _by_dates(witnesses: ClockWitnesses, now: datetime) -> Violation | None:
    ahead, late, early = witnesses.ahead, witnesses.late, witnesses.early
    if not ahead:
        return None
    middle = timedelta(seconds=median(offset.total_seconds() for offset in ahead.values()))
    if abs(middle) < OFF:
        return None
    agreeing = [one for one in ahead.values() if abs(one) >= OFF and (one > timedelta(0)) == (middle > timedelta(0))]
    agree = len(agreeing) + len(early if middle > timedelta(0) else late)
    if len(agreeing) < MOST * len(ahead) or agree < 2:  # a single edge may have a wrong clock itself
        return None
    there = f"{now + middle:%Y-%m-%d %H:%M}"
    observed = f"{len(agreeing)} of {len(ahead)} edges say {there} UTC, our clock {now:%Y-%m-%d %H:%M} UTC"
    return Violation("clock.off", "our clock and the Date headers of the edges within an hour", observed)


def _by_validity(witnesses: ClockWitnesses, now: datetime) -> Violation | None:
    late, early, certificates = witnesses.late, witnesses.early, len(witnesses.certificates)
    if any(abs(offset) < AGREES for offset in witnesses.ahead.values()):
        return None  # somebody else's clock says the same as ours
    most, what = max((late, "expired"), (early, "not valid yet"), key=lambda side: len(side[0]))
    zones = {one for one in late | early if isinstance(one, str)}
    if len(most) < 2 or len(most) < MOST * (certificates + len(zones)):
        return None
    observed = f"{len(most)} of {certificates + len(zones)} certificates and signed zones are {what} by our clock, {now:%Y-%m-%d %H:%M} UTC"
    return Violation("clock.off", "certificates and signatures within their time", observed)
