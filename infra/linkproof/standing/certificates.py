"""Every certificate of a stack: where it stands, who renews it, until when, and what stops when it lapses. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from linkproof import registry
from linkproof.business_days import JAPAN
from linkproof.contract.checks import Endpoint
from linkproof.declaration.model import Declaration
from linkproof.plan.build import build
from linkproof.plan.model import PlannedHost, PlannedLink
from linkproof.renewal import Renewal
from linkproof.standing.reported import certificate_dates
from linkproof.words import counted

Urgency = Literal["fine", "due", "late", "unknown"]


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate.

    Args:
        where: whose server shows it.
        renewed_by: who makes the next one.
        stops: what stops when it lapses.
        not_after: aware, as last seen; None where `verify` has seen none.
        reminder: from when the next one should be there, aware.
        last_day: in Japan, on which the next one can be handed over at the latest; None where nobody hands one over.
        is_yours: you bring it, and renew it.
        urgency: `due` from the reminder on; `late` after the last day, or where an end can hardly be met any more.
    """

    key: str
    host: str
    where: str
    renewed_by: str
    stops: str
    days_left: int | None = None
    not_after: datetime | None = None
    reminder: datetime | None = None
    last_day: date | None = None
    urgency: Urgency = "unknown"
    is_yours: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "host": self.host,
            "where": self.where,
            "renewed_by": self.renewed_by,
            "stops": self.stops,
            "days_left": self.days_left,
            "not_after": self.not_after.isoformat() if self.not_after else None,
            "reminder": self.reminder.isoformat() if self.reminder else None,
            "last_day_to_act": self.last_day.isoformat() if self.last_day else None,
            "urgency": self.urgency,
        }


@dataclass(frozen=True, slots=True)
class Certificates:
    """All of a stack, the most urgent first.

    Args:
        seen_at: when `verify` last looked, aware; None where it never did.
    """

    stack: str
    rows: tuple[CertificateRow, ...]
    seen_at: datetime | None

    @property
    def is_late(self) -> bool:
        return any(row.urgency == "late" for row in self.rows)

    def to_json(self) -> dict[str, Any]:
        return {
            "version": 1,
            "stack": self.stack,
            "seen_at": self.seen_at.isoformat() if self.seen_at else None,
            "certificates": [row.to_json() for row in self.rows],
        }

    def in_a_line(self) -> str:
        """The most urgent one, for the end of a longer report; empty where none was seen."""
        first = next((row for row in self.rows if row.not_after), None)
        if first is None:
            return ""
        return f"{counted(len(self.rows), 'certificate')}; the next to see to: {first.host}, {when_to_act(first)}"


def certificates(
    stack: str, declaration: Declaration, verified: Mapping[str, Any], seen_at: datetime | None, now: datetime
) -> Certificates:
    """Compute all of it.

    Args:
        verified: the last report of `verify`; empty where there was none.
        seen_at: when that was written.
        now: aware.
    """
    plan = build(declaration)
    renewals = {endpoint.host: endpoint for endpoint in plan.endpoints if not endpoint.standby}
    seen = certificate_dates(verified)
    rows = [_of_link(link) for link in plan.links if link.certificate != "none"]
    rows += [_of_host(host) for host in plan.hosts]
    dated = [_dated(row, renewals.get(row.host), seen.get(row.host), now) for row in rows]
    renewals = {endpoint.host: endpoint for endpoint in plan.endpoints if endpoint.standby}
    seen = certificate_dates(verified, of_standbys=True)
    standbys = [_of_standby(link) for link in plan.links if link.standby_provider is not None]
    dated += [_dated(row, renewals.get(row.host), seen.get(row.host), now) for row in standbys]
    far = datetime.max.replace(tzinfo=now.tzinfo)
    return Certificates(stack, tuple(sorted(dated, key=lambda row: (row.reminder or far, row.host))), seen_at)


def when_to_act(row: CertificateRow) -> str:
    """Until when who must do what, in words."""
    if row.not_after is None or row.reminder is None:
        return "not seen yet"
    end = f"{row.days_left} days left"
    if row.is_yours:
        return f"{end}; renew it {f'from {row.reminder:%Y-%m-%d} on' if row.urgency == 'fine' else 'now'}"
    if row.last_day is None:
        return f"{end}; it should have renewed itself" if row.urgency != "fine" else f"{end}; it renews itself"
    if row.urgency == "late":
        return f"{end}; the last day to act was {row.last_day}: upload a new one now"
    if row.urgency == "due":
        return f"{end}; upload a new one by {row.last_day}"
    return f"{end}; renew from {row.reminder.astimezone(JAPAN):%Y-%m-%d} on, by {row.last_day}"


def _of_link(link: PlannedLink) -> CertificateRow:
    edge = registry.edge(link.edge_provider or "managed").facts.NAME
    stops = f"every click on an https:// link at {link.click_host} ends at a certificate error"
    by = _renewed_by(link.certificate, is_yours=link.certificate_is_yours)
    return CertificateRow(link.key, link.click_host, edge, by, stops, is_yours=link.certificate_is_yours)


def _of_standby(link: PlannedLink) -> CertificateRow:
    edge = registry.edge(link.standby_provider or "managed").facts.NAME
    stops = f"nothing while {link.click_host} stands where it is; it could not move to {link.standby}"
    by = _renewed_by(link.standby_certificate, is_yours=link.standby_certificate_is_yours)
    yours = link.standby_certificate_is_yours
    return CertificateRow(link.key, link.click_host, f"{edge}, standing by", by, stops, is_yours=yours)


def _renewed_by(certificate: str, *, is_yours: bool) -> str:
    return f"you ({certificate})" if is_yours else f"itself ({certificate})"


def _of_host(host: PlannedHost) -> CertificateRow:
    service = registry.tracking(host.provider).facts.NAME
    return CertificateRow(host.key, host.host, service, f"a person ({host.certificate})", host.lapse)


def _dated(
    row: CertificateRow, endpoint: Endpoint | None, dates: tuple[datetime, datetime] | None, now: datetime
) -> CertificateRow:
    if dates is None:
        return row
    begin, end = dates
    renewal = endpoint.renewal if endpoint is not None else Renewal(0)
    reminder = renewal.reminder(begin, end)
    urgency: Urgency = "fine" if now <= reminder else "late" if renewal.is_too_late(end, now) else "due"
    return replace(
        row,
        days_left=(end - now).days,
        not_after=end,
        reminder=reminder,
        last_day=renewal.last_day(end),
        urgency=urgency,
    )


def rows_as_text(found: Certificates) -> Iterator[str]:
    """A paragraph for each, for a terminal."""
    for row in found.rows:
        yield f"{row.host}  {when_to_act(row)}"
        yield f"  at          {row.where}"
        if row.not_after is not None:
            yield f"  until       {row.not_after:%Y-%m-%d %H:%M} UTC"
        yield f"  renewed by  {row.renewed_by}"
        yield f"  or else     {row.stops}"
        yield ""
    if not found.rows:
        yield "no certificate is declared"
    if found.seen_at is None:
        yield f"not known: nothing was verified yet: run `linkproof verify {found.stack}`"
    else:
        yield f"as last verified, {found.seen_at:%Y-%m-%d %H:%M} UTC"
