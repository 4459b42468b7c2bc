"""Declaration → Plan: every link's items, with what is shared joined into one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from linkproof.declaration.model import Declaration, Link
from linkproof.edges.cloudflare import plan as cloudflare
from linkproof.edges.cloudfront import plan as cloudfront
from linkproof.plan.items import Distribution, Items, OriginRequestPolicy, Record, Ruleset
from linkproof.plan.link import PHASES_AT_EDGE, PHASES_WITH_EDGE, host_items, link_items
from linkproof.plan.model import Plan, PlannedHost, PlannedLink, PlannedZone
from linkproof.senders.karte import plan as karte
from linkproof.senders.needs import EdgeNeeds
from linkproof.senders.registry import sender_plan


def build(declaration: Declaration) -> Plan:
    """Compute the whole plan; the same declaration always gives the same plan."""
    links = list(declaration.links.values())
    per_link = [(link, link_items(declaration, link)) for link in links]
    parts = [items for _, items in per_link] + [
        host_items(declaration, host) for host in declaration.tracking_hosts.values()
    ]
    records = _joined_records(record for part in parts for record in part.records)
    policies, distributions = _joined_policies(per_link)
    zones = {record.zone for record in records}
    return Plan(
        zones=tuple(
            PlannedZone(
                name=zone.name.text,
                path=zone.path,
                dns=zone.dns,
                id=zone.id,
                account=zone.account,
                propagation_seconds=zone.propagation_seconds,
                transfer_group=zone.transfer_group,
                dnssec=zone.dnssec,
            )
            for zone in declaration.zones.values()
            if zone.name.text in zones
        ),
        links=tuple(_for_people(declaration, link, items) for link, items in per_link),
        hosts=tuple(
            PlannedHost(host.key, host.path, host.provider, host.host.text, f"{karte.TARGET}.")
            for host in declaration.tracking_hosts.values()
        ),
        records=records,
        certificates=tuple(certificate for part in parts for certificate in part.certificates),
        policies=tuple(policies),
        distributions=tuple(distributions),
        rulesets=tuple(_rulesets(declaration, links)),
        endpoints=tuple(endpoint for part in parts for endpoint in part.endpoints),
        caa=tuple(need for part in parts for need in part.caa),
        pending=tuple(pending for part in parts for pending in part.pending),
    )


def _joined_records(records: Iterable[Record]) -> tuple[Record, ...]:
    """One record per resource: links of one user on one domain share their owner host, and one in use protects it for all."""
    joined: dict[str, Record] = {}
    for record in records:
        first = joined.setdefault(record.resource, record)
        if record.protect and not first.protect:
            joined[record.resource] = replace(first, protect=True)
    return tuple(joined.values())


def _joined_policies(per_link: list[tuple[Link, Items]]) -> tuple[list[OriginRequestPolicy], list[Distribution]]:
    by_needs: dict[EdgeNeeds, list[Distribution]] = {}
    for link, items in per_link:
        if items.distributions:
            needs = sender_plan(link.sender).edge_needs(link.region)
            by_needs.setdefault(needs, []).extend(items.distributions)
    policies: list[OriginRequestPolicy] = []
    policy_of: dict[str, str] = {}
    for needs, distributions in by_needs.items():
        for policy, members in cloudfront.policies(distributions, needs):
            policies.append(policy)
            policy_of.update({member.resource: policy.resource for member in members})
    ordered = [distribution for _, items in per_link for distribution in items.distributions]
    return policies, [replace(distribution, policy=policy_of[distribution.resource]) for distribution in ordered]


def _rulesets(declaration: Declaration, links: list[Link]) -> list[Ruleset]:
    by_zone: dict[str, dict[str, list[str]]] = {}
    ours: dict[str, bool] = {}
    in_use: set[str] = set()
    for link in links:
        edge = declaration.edge_of(link)
        if edge is None or edge.provider != "cloudflare" or link.phase not in PHASES_WITH_EDGE:
            continue
        zone = declaration.zone_of(link.click_host).name.text
        by_zone.setdefault(zone, {}).setdefault(edge.key, []).append(link.click_host.text)
        ours[zone] = ours.get(zone, True) and edge.rulesets == "ours"
        if link.phase in PHASES_AT_EDGE:
            in_use.add(zone)
    return [
        ruleset
        for zone, hosts in by_zone.items()
        for ruleset in cloudflare.rulesets(zone, hosts, ours=ours[zone], in_use=zone in in_use)
    ]


def _for_people(declaration: Declaration, link: Link, items: Items) -> PlannedLink:
    click = next(record for record in items.records if record.id == f"{link.key}/click")
    owner = next((record for record in items.records if record.id.endswith("/owner")), None)
    edge = declaration.edge_of(link)
    if items.certificates:
        certificate = (
            f"{items.certificates[0].issuer} {items.certificates[0].key_algorithm}, proved by a CNAME in {click.zone}"
        )
    elif edge is not None and edge.provider == "cloudflare" and link.phase in PHASES_WITH_EDGE:
        certificate = "Cloudflare Universal SSL"
    elif link.is_managed:
        certificate = "the sender's own"
    else:
        certificate = "none"
    return PlannedLink(
        key=link.key,
        path=link.path,
        sender=link.sender,
        click_host=link.click_host.text,
        owner_host=link.owner_host.text if link.owner_host else None,
        edge=link.edge,
        edge_provider=edge.provider if edge is not None else None,
        edge_account=edge.account if edge is not None else None,
        phase=link.phase,
        click_points_at=click.value,
        owner_points_at=str(owner.value) if owner else None,
        certificate=certificate,
        settings=items.settings,
    )
