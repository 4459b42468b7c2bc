"""A plan for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, Final

from linkproof import registry
from linkproof.contract.declared import MANAGED, Link, Sender, Zone
from linkproof.contract.items import Item
from linkproof.contract.values import Late
from linkproof.declaration.drain import drain_seconds, span
from linkproof.declaration.model import Declaration
from linkproof.declaration.successors import kept
from linkproof.plan.by_hand import LateValue, by_hand, nothing_known
from linkproof.plan.diff import changes_of_next_phase, next_phase
from linkproof.plan.model import Plan, PlannedHost, PlannedLink

_NOTHING_DRAINS: Final[Mapping[str, datetime]] = MappingProxyType({})


def render(
    declaration: Declaration,
    plan: Plan,
    late: LateValue = nothing_known,
    today: date | None = None,
    drains_until: Mapping[str, datetime] = _NOTHING_DRAINS,
) -> str:
    """Per link: both CNAMEs now, certificate, edge and what the next phase would change; then what is by hand.

    Args:
        late: what a deployment has made known, for `plan STACK`.
        today: in UTC; by the clock where it is not said.
        drains_until: when an edge that clicks have left may go, by the click host, for `plan STACK`.
    """
    lines: list[str] = []
    for link in plan.links:
        today_or_now = today or datetime.now(UTC).date()
        lines += [*_link(declaration, link, late, today_or_now, drains_until.get(link.click_host)), ""]
    for host in plan.hosts:
        lines += [
            f"{host.key}  {host.provider}",
            f"  tracking host  {host.host}. CNAME {host.points_at}{_not_yet(host)}",
            f"  certificate    {host.certificate}",
            "",
        ]
    for sender in declaration.senders.values():
        lines += _at_account(sender, plan)
    lines += [*_by_hand(plan, late)]
    return "\n".join(lines).rstrip()


# What whoever runs the account does in each phase, in the order of Braze's guide: records, its check, edge and certificate, its switch.
_THEIRS = {
    "branded": "let them check these records before the edge is made",
    "ready": "nothing is theirs to do; the edge is proved before DNS leads there",
    "live": "once `linkproof verify` says proven, ask them to switch https on for the links",
    "secured": "before a step back to live, ask them to switch https off",
}


def _at_account(sender: Sender, plan: Plan) -> list[str]:
    """What an entry under `senders:` has that is no link's own."""
    mine = [item for item in plan.items if getattr(item, "path", "").startswith(f"{sender.path}.")]
    lines = [f"  {item.kind}  {item.resource}" for item in mine]
    return [f"{sender.key}  {sender.provider}, account {sender.account}", *lines, ""] if mine else []


def _not_yet(host: PlannedHost) -> str:
    return "" if host.is_published else f" (published at `state: in-use`; now {host.state})"


def _link(
    declaration: Declaration, planned: PlannedLink, late: LateValue, today: date, drains_until: datetime | None
) -> Iterator[str]:
    link = declaration.links[planned.key]
    edge = f"{planned.edge} ({planned.edge_provider})" if planned.edge_provider else planned.edge or "none"
    yield f"{planned.key}  {planned.sender}, phase {planned.phase}, edge {edge}"
    target = planned.click_points_at
    known = late(target) if isinstance(target, Late) else None
    answered = " (proxied: the edge's own addresses are answered, never this CNAME)" if planned.is_proxied else ""
    kind = "ALIAS" if planned.is_alias else "CNAME"
    yield f"  click host   {planned.click_host}. {kind} {known or target}{answered}"
    if planned.owner_host is not None:
        yield f"  owner host   {planned.owner_host}. CNAME {planned.owner_points_at}"
    elif planned.owner_points_at is not None:
        yield "  owner host   as the sender's answer says it, once the brand is made"
    yield f"  certificate  {'yours, ' if planned.certificate_is_yours else ''}{planned.certificate}"
    for name, value in planned.settings:
        yield f"  {name:<11}  {value}"
    if planned.standby is not None:
        yield f"  standby      {planned.standby} ({planned.standby_provider}), kept ready; certificate: {planned.standby_certificate}"
    if stays := _drain(link, declaration, drains_until):
        yield f"  drain        {stays}"
    if planned.is_external:
        yield f"  account      somebody else's: {_THEIRS[planned.phase]}"
    if link.successor is not None:
        yield f"  kept         {kept(link, declaration, today)}"
    following = next_phase(link, declaration)
    if planned.is_alias:
        yield "  next         no phase before the record is a CNAME: remove `record: alias`, and deploy"
        return
    if following is None:
        yield (
            "  next         nothing: this is the last phase"
            if link.edge
            else "  next         nothing: the link has no edge yet"
        )
        return
    changes = changes_of_next_phase(declaration, link)
    by_sender = ""
    if following.phase == "secured":
        whose = "whoever runs the account asks for it; " if planned.is_external else ""
        by_sender = f"; {whose}{registry.sender(planned.sender).facts.SECURED_BY}"
    yield f"  next         {following.phase}:" + (
        "" if changes else f" nothing changes in DNS or at the edge{by_sender}"
    )
    for change in changes:
        yield f"    {change}"
    own = registry.sender(planned.sender).plan.edge_needs(link.sender).own_edge if link.edge == MANAGED else None
    if own is not None and own.secured_by:
        yield f"    {own.secured_by}"


def _drain(link: Link, declaration: Declaration, until: datetime | None) -> str:
    """How long the edge stays once clicks have left it; empty where it goes at once, or is the sender's own."""
    if until is not None:
        return f"clicks have left an edge, which stays for those who still come until {until:%Y-%m-%d %H:%M} UTC"
    edges = [edge for edge in (declaration.edge_of(link), declaration.standby_of(link)) if edge is not None]
    drained = [(edge.key, drain_seconds(declaration, edge)) for edge in edges if edge.provider != MANAGED]
    said = ", ".join(f"{key} {span(seconds)}" for key, seconds in drained if seconds)
    return f"{said} after clicks have left it, for those who still come" if said else ""


def _by_hand(plan: Plan, late: LateValue) -> Iterator[str]:
    records = by_hand(plan, late)
    if records:
        yield "publish these by hand (dns: manual):"
        yield from (f"  {record}" for record in records)
    for item in plan.objects:
        if not item.is_ours:
            yield from item.by_hand()


def to_json(
    declaration: Declaration,
    plan: Plan,
    late: LateValue = nothing_known,
    drains_until: Mapping[str, datetime] = _NOTHING_DRAINS,
) -> dict[str, Any]:
    """The whole plan as plain values; late-bound ones as `{"late": item, "output": name}`.

    `by_hand` has the records to publish, with their real values where `late` knows them.
    """
    document: dict[str, Any] = {"version": 1, "file": declaration.file}
    for section, values in (
        ("links", plan.links),
        ("tracking_hosts", plan.hosts),
        ("items", plan.items),
        ("endpoints", plan.endpoints),
        ("caa", plan.caa),
        ("pending", plan.pending),
        ("by_hand", by_hand(plan, late)),
    ):
        document[section] = [_plain(value) for value in values]
    document["zones"] = [_zone(zone) for zone in plan.zones]
    for entry, link in zip(document["links"], plan.links, strict=True):
        declared = declaration.links[link.key]
        until = drains_until.get(link.click_host)
        entry["drains_until"] = until.isoformat() if until is not None else None
        following = next_phase(declared, declaration)
        entry["next"] = following and {
            "phase": following.phase,
            "changes": [str(change) for change in changes_of_next_phase(declaration, declared)],
        }
    return document


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "name": zone.name.text,
        "path": zone.path,
        "dns": zone.dns,
        "id": zone.id,
        "account": zone.account,
        "propagation_seconds": zone.propagation_seconds,
        "transfer_group": zone.transfer_group,
        "dnssec": zone.dnssec,
    }


def _plain(value: Any) -> dict[str, Any]:
    plain = asdict(value)
    for name in ("name", "value", "connect", "click_points_at"):
        held = getattr(value, name, None)
        if isinstance(held, Late):
            plain[name] = {"late": held.item, "output": held.output}
    for canary in plain.get("canaries", ()):
        del canary["url"]
    if isinstance(value, Item):
        return {"kind": value.kind, "engine_type": value.engine_type, "ours": value.is_ours, "needs": (), **plain}
    return plain
