"""Declaration → Plan: every link's items and checks, with what is shared joined into one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from linkproof import registry
from linkproof.contract.declared import MANAGED, Link, Zone
from linkproof.contract.items import Item, Record
from linkproof.declaration.endpoints import own_endpoint
from linkproof.declaration.model import Declaration
from linkproof.plan.link import LinkPart, plan_host, plan_links, record_type
from linkproof.plan.model import Plan, PlannedHost, PlannedLink


def build(declaration: Declaration) -> Plan:
    """Compute the whole plan; the same declaration always gives the same plan.

    Raises:
        NoClickTargetError: an edge that is in use gives no click target: a fault of its plug-in.
    """
    links = list(declaration.links.values())
    parts, shared = plan_links(declaration, links)
    hosts = [(host, plan_host(declaration, host)) for host in declaration.tracking_hosts.values()]
    own = [_in_its_zone(item, declaration.zones) for link in links for item in parts[link.key].items]
    own += [item for _, part in hosts for item in part.items]
    for sender in declaration.senders.values():
        mine = [link for link in links if link.sender == sender]
        at_account = registry.sender(sender.provider).plan.account_items(sender, mine)
        own += [_in_its_zone(item, declaration.zones) for item in at_account]
    records = _joined_records(own, declaration.zones)
    zones = {record.zone for record in records}
    return Plan(
        zones=tuple(zone for zone in declaration.zones.values() if zone.name.text in zones),
        links=tuple(_for_people(declaration, link, parts[link.key]) for link in links),
        hosts=tuple(
            PlannedHost(
                host.key,
                host.path,
                host.provider,
                host.host.text,
                part.target,
                part.certificate,
                part.lapse,
                host.state or "",
                host.is_published,
            )
            for host, part in hosts
        ),
        items=(*records, *(item for item in own if not isinstance(item, Record)), *shared),
        checks=tuple(
            check
            for checks in (*(parts[link.key].checks for link in links), *(part.checks for _, part in hosts))
            for check in checks
        ),
    )


def _in_its_zone(item: Item, zones: Mapping[str, Zone]) -> Item:
    """A record of an account or a server is in the longest declared zone that holds its name, labels with `_` included; or what it says of its zone."""
    if not isinstance(item, Record) or item.zone in zones:
        return item
    name = item.zone or str(item.name)
    return replace(item, zone=max((zone for zone in zones if name == zone or name.endswith(f".{zone}")), key=len))


def _joined_records(items: Iterable[Item], zones: Mapping[str, Zone]) -> tuple[Record, ...]:
    """One record per resource: links of one user on one domain share their owner host, and one in use protects it for all."""
    joined: dict[str, Record] = {}
    made = {name: (record_type(zone), zone.account) for name, zone in zones.items()}
    for record in items:
        if not isinstance(record, Record):
            continue
        first = joined.get(record.resource)
        if first is None:
            engine_type, account = made[record.zone]
            is_whole = (record.engine_type, record.account) == (engine_type, account)
            joined[record.resource] = record if is_whole else replace(record, engine_type=engine_type, account=account)
        elif record.protect and not first.protect:
            joined[record.resource] = replace(first, protect=True)
    return tuple(joined.values())


def _standby_certificate(part: LinkPart, link: Link) -> str:
    if link.standby == MANAGED:
        return "the sender's own"
    return part.standby.certificate if part.standby is not None else "none"


def _for_people(declaration: Declaration, link: Link, part: LinkPart) -> PlannedLink:
    owner = next((item for item in part.items if isinstance(item, Record) and item.id.endswith("/owner")), None)
    edge, standby = declaration.edge_of(link), declaration.standby_of(link)
    return PlannedLink(
        key=link.key,
        path=link.path,
        sender=link.sender.provider,
        click_host=link.click_host.text,
        owner_host=link.owner_host.text if link.owner_host else None,
        edge=link.edge,
        edge_provider=edge.provider if edge is not None else None,
        edge_account=edge.account if edge is not None else None,
        phase=link.phase,
        click_points_at=part.click.value,
        owner_points_at=str(owner.value) if owner else None,
        certificate=part.edge.certificate if part.edge is not None else "none",
        certificate_is_yours=part.edge is not None and part.edge.certificate_is_yours,
        settings=part.edge.settings if part.edge is not None else (),
        standby=link.standby,
        standby_provider=standby.provider if standby is not None else None,
        standby_account=standby.account if standby is not None else None,
        standby_certificate=_standby_certificate(part, link),
        standby_certificate_is_yours=part.standby is not None and part.standby.certificate_is_yours,
        is_proxied=part.click.proxied,
        is_alias=part.click.alias is not None,
        is_external=link.sender.is_external,
        has_own_https=link.has_own_https,
        sender_endpoint=own_endpoint(link.sender),
        successor=link.successor.link if link.successor is not None else "",
        kept_until=link.successor.until.isoformat() if link.successor is not None else "",
    )
