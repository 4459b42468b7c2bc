"""Links and tracking hosts → their items and checks, for the phase of each. Joining what is shared is `build`'s work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from linkproof import registry
from linkproof.contract.checks import CaaNeed, Check, Endpoint
from linkproof.contract.declared import MANAGED, Edge, Link, TrackingHost, Zone
from linkproof.contract.dns import AliasTarget
from linkproof.contract.edge import Click, EdgePart, EdgeUse
from linkproof.contract.items import Item, Record
from linkproof.contract.needs import OwnEdge
from linkproof.contract.sender import HostPart, LinkUse
from linkproof.declaration.model import Declaration
from linkproof.declaration.needs import needs_of
from linkproof.errors import LinkproofError
from linkproof.names import nonce_name
from linkproof.rdata import presented
from linkproof.registrable import hsts_parents


class NoClickTargetError(LinkproofError):
    """An edge is in use, and its plug-in does not say where the click host leads."""

    def __init__(self, link: Link, provider: str) -> None:
        super().__init__(
            f"{link.path} is {link.phase}, and edge {provider} gives no click target: its record would stay at the sender",
            f"let `plan` of linkproof/edges/{provider}/plan.py give each part its `click`",
        )


@dataclass(frozen=True, slots=True)
class LinkPart:
    """What one link asks for.

    Args:
        click: its click record.
        edge: what its edge makes of it; None in a phase without one.
        standby: what its second edge makes; None where it has none, or where that is the sender's own.
    """

    items: tuple[Item, ...]
    checks: tuple[Check, ...]
    click: Record
    edge: EdgePart | None
    standby: EdgePart | None = None


def plan_links(declaration: Declaration, links: Sequence[Link]) -> tuple[dict[str, LinkPart], tuple[Item, ...]]:
    """Each link's own part by its key, and what the edges share.

    Raises:
        NoClickTargetError: an edge that is in use gives no click target.
    """
    uses: dict[str, list[EdgeUse]] = {}
    for use in edge_uses(declaration, links):
        uses.setdefault(use.edge.provider, []).append(use)
    parts: dict[tuple[str, str], EdgePart] = {}
    shared: list[Item] = []
    for provider, at_edge in uses.items():
        planned = registry.edge(provider).plan.plan(at_edge)
        parts.update({(provider, key): part for key, part in planned.parts.items()})
        shared += planned.shared
    return {link.key: _link_part(declaration, link, parts) for link in links}, tuple(shared)


def _edges(declaration: Declaration, link: Link) -> Iterator[tuple[Edge, Link]]:
    """Each edge that exists for the link, with the link as that edge has it. The sender's own as a standby makes nothing."""
    edge, standby = declaration.edge_of(link), declaration.standby_of(link)
    if edge is not None and (link.phase != "branded" or link.leads_to_edge):
        yield edge, link
    if standby is not None and standby.key != MANAGED and link.phase != "branded":
        yield standby, link.at_standby()


def edge_uses(declaration: Declaration, links: Sequence[Link]) -> Iterator[EdgeUse]:
    """The links for which an edge exists, at each edge that they have, with what it must bring to the sender."""
    for link in links:
        for edge, at_it in _edges(declaration, link):
            zone = declaration.zone_of(link.click_host)
            yield EdgeUse(at_it, edge, zone, needs_of(link), hsts_parents(link.click_host.text, zone.name.text))


def plan_host(declaration: Declaration, host: TrackingHost) -> HostPart:
    """What a tracking host asks for."""
    return registry.tracking(host.provider).plan.plan(host, declaration.zone_of(host.host))


def _link_part(declaration: Declaration, link: Link, parts: Mapping[tuple[str, str], EdgePart]) -> LinkPart:
    zone = declaration.zone_of(link.click_host)
    host = link.click_host.text
    edge = declaration.edge_of(link)
    part = parts.get((edge.provider, link.key)) if edge is not None else None
    standby = _standby_part(declaration, link, parts)
    in_use = link.leads_to_edge
    sender = registry.sender(link.sender.provider).plan
    own = sender.edge_needs(link.sender).own_edge if link.has_own_https else None
    target = Click(f"{own.target if own is not None else sender.target(link.sender)}.")
    if in_use and edge is not None:
        if part is None or part.click is None:
            raise NoClickTargetError(link, edge.provider)
        target = part.click
    families = link.families if in_use else (4,)
    owner_zone = declaration.zone_of(link.owner_host) if link.owner_host is not None else None
    at_sender = sender.items(LinkUse(link, zone, owner_zone))
    first = tuple(item.resource for item in at_sender if not isinstance(item, Record) and not item.needs)
    click = Record(
        id=f"{link.key}/click",
        path=f"{link.path}.click_host",
        resource=f"{host}/CNAME",
        zone=zone.name.text,
        name=host,
        type="CNAME",
        value=target.value,
        ttl_seconds=link.ttl_seconds,
        proxied=target.proxied,
        alias=_alias(link, edge.provider, zone) if in_use and edge is not None else None,
        protect=True,
        needs=(*target.needs, *first),
        families=families,
        engine_type=record_type(zone),
        account=zone.account,
    )
    items = (*(part.items if part else ()), *(standby.items if standby else ()), click, *_beside(click), *at_sender)
    nonce = nonce_record(declaration, link, zone)
    if nonce is not None:
        items = (*items, nonce)
    checks = _with_wishes(link, part.checks) if part else ()
    if not in_use:
        checks += _at_sender(link, own, zone)
    elif own is not None and link.edge != MANAGED:
        checks += _way_back(link, own)
    if standby is not None:
        checks += _with_wishes(link, standby.checks)
    if nonce is not None:
        checks = tuple(
            replace(check, nonce=declaration.nonce) if isinstance(check, Endpoint) else check for check in checks
        )
    return LinkPart(items, checks, click, part, standby)


def _standby_part(declaration: Declaration, link: Link, parts: Mapping[tuple[str, str], EdgePart]) -> EdgePart | None:
    """What the second edge makes and proves, under ids of its own: the edge itself is `<link>/standby`."""
    edge = declaration.standby_of(link)
    part = parts.get((edge.provider, link.key)) if edge is not None else None
    if part is None:
        return None
    return replace(
        part,
        items=tuple(
            replace(item, id=_standby_id(item.id)) if isinstance(item, Record) else item for item in part.items
        ),
        checks=tuple(_standby_check(check) for check in part.checks),
    )


def _standby_check(check: Check) -> Check:
    if isinstance(check, Endpoint):
        return replace(check, id=_standby_id(check.id), standby=True)
    return replace(check, id=_standby_id(check.id))


def _standby_id(text: str) -> str:
    link, _, role = text.rpartition("/")
    return f"{link}/standby" if role == "edge" else f"{link}/standby-{role}"


def _at_sender(link: Link, own: OwnEdge | None, zone: Zone) -> tuple[Check, ...]:
    """What the sender answers while the click host stands there; where it has HTTPS of its own, that it may be moved to has no need of."""
    host = link.click_host.text
    endpoint = Endpoint(
        id=f"{link.key}/sender",
        path=link.path,
        host=host,
        sender=link.sender.provider,
        phase=link.phase,
        https="off",
        hsts_parents=hsts_parents(host, zone.name.text),
        in_use=link.in_use,
    )
    if own is None:
        return (endpoint,)
    return (
        replace(endpoint, edge=MANAGED, https="optional" if link.phase == "branded" else "required"),
        CaaNeed(f"{link.key}/sender-caa", f"{link.path}.click_host", host, own.cas, own.methods),
    )


def _way_back(link: Link, own: OwnEdge) -> tuple[Check, ...]:
    """That the sender still has a certificate for a host that stands at another edge: without it there is no way back.

    As the link's standby it must have one, and answer by both schemes.
    """
    endpoint = Endpoint(
        id=f"{link.key}/sender",
        path=link.path,
        host=link.click_host.text,
        sender=link.sender.provider,
        phase=link.phase,
        edge=MANAGED,
        connect=own.target,
        http="off",
        https="optional",
        in_use=link.in_use,
    )
    if link.standby != MANAGED:
        return (endpoint,)
    return (
        replace(endpoint, id=f"{link.key}/standby", phase="ready", http="required", https="required", standby=True),
        CaaNeed(f"{link.key}/standby-caa", f"{link.path}.click_host", endpoint.host, own.cas, own.methods),
    )


def _alias(link: Link, edge: str, zone: Zone) -> AliasTarget | None:
    return registry.dns(zone.dns).facts.ALIASES[edge] if link.is_alias else None


def _beside(click: Record) -> tuple[Record, ...]:
    """An alias has a record for each family of addresses."""
    if click.alias is None or 6 not in click.families:
        return ()
    host = click.resource.rpartition("/")[0]
    return (replace(click, id=f"{click.id}-ipv6", resource=f"{host}/AAAA", type="AAAA"),)


def nonce_record(declaration: Declaration, link: Link, zone: Zone) -> Record | None:
    """What shows that the zone which answers for the click host is the one that this stack writes.

    None where no nonce is declared, and where the host leaves no room for the name in 253 characters (RFC 1035 §2.3.4).
    """
    name = nonce_name(link.click_host.text)
    if declaration.nonce is None or name is None:
        return None
    return Record(
        id=f"{link.key}/nonce",
        path="nonce",
        resource=f"{name}/TXT",
        zone=zone.name.text,
        name=name,
        type="TXT",
        value=presented("TXT", declaration.nonce),
        ttl_seconds=link.ttl_seconds,
        resolve="none",
        engine_type=record_type(zone),
        account=zone.account,
    )


def _with_wishes(link: Link, checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """What the link asks of its edge beside a click: only an edge serves files of its own, or could lose a part of a link."""
    wishes = (link.universal_links, link.canaries, link.in_use, link.families)
    if wishes == (None, (), True, (4,)):
        return checks
    return tuple(
        replace(
            check,
            universal_links=link.universal_links,
            canaries=link.canaries,
            in_use=link.in_use,
            families=link.families,
        )
        if isinstance(check, Endpoint) and check.edge is not None
        else check
        for check in checks
    )


def record_type(zone: Zone) -> str:
    """The engine type of the zone's records; empty where people write them."""
    state = registry.dns(zone.dns).state
    return state.RECORD_TYPE if state is not None else ""
