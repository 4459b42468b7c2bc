"""One link or tracking host → its items, for one phase. Joining what is shared is `build`'s work."""

from __future__ import annotations

from dataclasses import replace

from linkproof.declaration.model import Declaration, Link, TrackingHost
from linkproof.edges.cloudfront.plan import click_value
from linkproof.edges.registry import edge_plan
from linkproof.plan.items import Endpoint, Items, Record, Value
from linkproof.plan.subject import Subject
from linkproof.registrable import hsts_parents
from linkproof.senders.karte import plan as karte
from linkproof.senders.registry import sender_plan

PHASES_WITH_EDGE = ("ready", "live", "secured")
PHASES_AT_EDGE = ("live", "secured")


def link_items(declaration: Declaration, link: Link) -> Items:
    """Everything that this link asks for in its phase."""
    zone = declaration.zone_of(link.click_host)
    path = link.path
    host = link.click_host.text
    sender = sender_plan(link.sender)
    origin = sender.target(link.region)
    parents = hsts_parents(host, zone.name.text)
    edge = declaration.edge_of(link)
    in_use = edge is not None and link.phase in PHASES_AT_EDGE

    items = Items()
    if edge is not None and link.phase in PHASES_WITH_EDGE:
        subject = Subject(
            key=link.key,
            path=path,
            host=host,
            zone=zone.name.text,
            sender=link.sender,
            phase=link.phase,
            edge=edge.key,
            account=edge.account,
            in_use=in_use,
            hsts_parents=parents,
        )
        items = edge_plan(edge.provider).edge_items(subject, sender.edge_needs(link.region))
        value: Value = click_value(subject) if in_use and edge.provider == "cloudfront" else f"{origin}."
    else:
        value = f"{origin}."

    proxied = in_use and edge is not None and edge.provider == "cloudflare"
    click = Record(
        id=f"{link.key}/click",
        path=f"{path}.click_host",
        resource=f"{host}/CNAME",
        zone=zone.name.text,
        name=host,
        type="CNAME",
        value=value,
        ttl_seconds=link.ttl_seconds,
        proxied=proxied,
        protect=True,
        needs=(zone.name.text,) if proxied else (),
    )
    records = (*items.records, click)
    if link.owner_host is not None:
        owner = link.owner_host.text
        records += (
            Record(
                id=f"{owner}/owner",
                path=f"{path}.owner_host",
                resource=f"{owner}/CNAME",
                zone=declaration.zone_of(link.owner_host).name.text,
                name=owner,
                type="CNAME",
                value=f"{origin}.",
                ttl_seconds=link.ttl_seconds,
                protect=link.phase in PHASES_AT_EDGE,
            ),
        )
    # only an edge serves files of its own, or could lose a part of a link on its way to the sender
    endpoints = tuple(
        replace(endpoint, universal_links=link.universal_links, canaries=link.canaries, in_use=link.in_use)
        for endpoint in items.endpoints
    )
    if not in_use:
        endpoints += (
            Endpoint(
                id=f"{link.key}/sender",
                path=path,
                host=host,
                sender=link.sender,
                phase=link.phase,
                https="required" if link.is_managed and link.phase == "secured" else "off",
                hsts_parents=parents,
                in_use=link.in_use,
            ),
        )
    return replace(items, records=records, endpoints=endpoints)


def host_items(declaration: Declaration, host: TrackingHost) -> Items:
    """A tracking host: one DNS-only CNAME, proved over TLS alone (its paths record events)."""
    name = host.host.text
    path = host.path
    return Items(
        records=(
            Record(
                id=f"{host.key}/host",
                path=f"{path}.host",
                resource=f"{name}/CNAME",
                zone=declaration.zone_of(host.host).name.text,
                name=name,
                type="CNAME",
                value=f"{karte.TARGET}.",
                ttl_seconds=host.ttl_seconds,
                protect=True,
            ),
        ),
        endpoints=(
            Endpoint(
                id=f"{host.key}/tls",
                path=path,
                host=name,
                sender="karte",
                phase=None,
                http="off",
                minimum_days=karte.MINIMUM_DAYS,
            ),
        ),
    )
