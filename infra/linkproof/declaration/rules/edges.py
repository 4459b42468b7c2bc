"""Rules about edges: that they exist, fit the zone and can get their certificate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from linkproof.declaration.model import MANAGED, CaaRecord, Edge, EdgeProvider
from linkproof.declaration.rules.registry import Fault, rule
from linkproof.declaration.rules.vendor import CAS, CLOUDFLARE_AUTOMATIC_TTL_SECONDS, MOST_COMMON_NAME_OCTETS
from linkproof.declaration.rules.view import View
from linkproof.declaration.show import did_you_mean, show, show_host


@rule("edge.unknown", because="a link without its edge would be deployed half")
def unknown(view: View) -> Iterator[Fault]:
    edges = view.declaration.edges
    written = [*edges, *view.keys_unread("edges"), MANAGED]
    for link in view.declaration.links.values():
        if link.edge is None or link.edge in written or "edges" in view.unread:
            continue
        yield Fault(f"{link.path}.edge", f"there is no edge {show(link.edge)}", did_you_mean(link.edge, written))


@rule("edge.reserved-key", because="`edge: managed` means the sender itself, so no declared edge can have that name")
def reserved_key(view: View) -> Iterator[Fault]:
    for edge in view.declaration.edges.values():
        if edge.key == MANAGED:
            yield Fault(edge.path, "`managed` is a reserved word", "give the edge another key")


@rule("edge.unused", because="an edge that no link names is configured for nothing")
def unused(view: View) -> Iterator[Fault]:
    if view.has_unread("links"):
        return
    used = {link.edge for link in view.declaration.links.values()}
    for edge in view.declaration.edges.values():
        if edge.key not in used and edge.key != MANAGED:
            yield Fault(edge.path, "no link names this edge", "remove it, or name it in a link", "warning")


@rule("edge.rulesets", because="rulesets are Cloudflare's; elsewhere the key would be ignored in silence")
def rulesets(view: View) -> Iterator[Fault]:
    for edge in view.declaration.edges.values():
        path = f"{edge.path}.rulesets"
        if edge.provider != "cloudflare" and path in view.declaration.places:
            yield Fault(path, f"`rulesets` has no meaning for {edge.provider}", "remove it")


@rule(
    "edge.rulesets-disagree",
    because="Cloudflare has one entry-point ruleset per zone and phase: it is ours or someone else's",
)
def rulesets_disagree(view: View) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    told = set()
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if found is None or found[0].provider != "cloudflare":
            continue
        edge, zone = found
        other = first.setdefault(zone.name.text, edge)
        if other.rulesets != edge.rulesets and (edge.key, zone.name) not in told:
            told.add((edge.key, zone.name))
            message = f"in {zone.name} {other.path} has `rulesets: {other.rulesets}` and this edge `{edge.rulesets}`"
            yield Fault(f"{edge.path}.rulesets", message, "give the edges of one zone the same value")


@rule(
    "edge.cloudflare-zone",
    because="Cloudflare proxies a host only where it serves the zone (a CNAME setup needs Business and a host of its own)",
)
def cloudflare_zone(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if found and found[0].provider == "cloudflare" and found[1].dns != "cloudflare":
            edge, zone = found
            message = f"edge {edge.key} is Cloudflare, but {show_host(zone.name)} is served by {zone.dns}"
            yield Fault(f"{link.path}.edge", message, "use an edge of another provider, or move the zone to Cloudflare")


@rule("edge.cloudflare-account", because="the proxy belongs to the zone: both are reached with one credential")
def cloudflare_account(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if not found or found[0].provider != "cloudflare" or found[1].dns != "cloudflare":
            continue
        edge, zone = found
        if edge.account != zone.account:
            message = f"edge {edge.key} has account {edge.account}, its zone {zone.name} has {zone.account}"
            yield Fault(f"{link.path}.edge", message, "declare an edge with the zone's account")


@rule("edge.universal-ssl-depth", because="Cloudflare's Universal SSL covers the zone's apex and one level below it")
def universal_ssl_depth(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if not found or found[0].provider != "cloudflare":
            continue
        below = len(link.click_host.labels) - len(found[1].name.labels)
        if below > 1:
            message = f"{show_host(link.click_host)} is {below} levels below {found[1].name}; Universal SSL covers one"
            fix = f"use a host such as {link.click_host.labels[0]}.{found[1].name}, or another edge"
            yield Fault(f"{link.path}.click_host", message, fix)


@rule("edge.proxied-ttl", because="a proxied Cloudflare record has the automatic TTL, served as 300 seconds")
def proxied_ttl(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        proxied = found and found[0].provider == "cloudflare" and link.phase in {"live", "secured"}
        if proxied and link.ttl_seconds != CLOUDFLARE_AUTOMATIC_TTL_SECONDS:
            message = f"Cloudflare serves its automatic TTL as 300, whatever is declared (here {link.ttl_seconds})"
            yield Fault(f"{link.path}.ttl_seconds", message, "write 300, or remove the key", "warning")


@rule(
    "edge.certificate-name",
    because="ACM puts the first name into the common name, which RFC 5280 limits to 64 characters",
)
def certificate_name(view: View) -> Iterator[Fault]:
    for link in view.declaration.links.values():
        edge = view.declaration.edge_of(link)
        if edge and edge.provider == "cloudfront" and len(link.click_host.text) > MOST_COMMON_NAME_OCTETS:
            message = f"{link.click_host} has {len(link.click_host.text)} characters; ACM takes 64 as the first name"
            yield Fault(f"{link.path}.click_host", message, "use a shorter host")


@rule(
    "edge.caa",
    because="RFC 8659 §4: a CA refuses where the CAA records name others; renewals then fail in silence as well",
)
def caa(view: View) -> Iterator[Fault]:
    told: dict[tuple[str, EdgeProvider], list[str]] = defaultdict(list)
    for link in view.declaration.links.values():
        found = view.edge_and_zone(link)
        if found is None or not found[1].caa:
            continue
        edge, zone = found
        if not _allows(found[1].caa, CAS[edge.provider]):
            told[zone.path, edge.provider].append(link.path)
    for (path, provider), links in told.items():
        users = ", ".join(links[:3]) + (f" and {len(links) - 3} more" if len(links) > 3 else "")
        message = (
            f"the declared CAA forbids every CA that {provider} asks ({', '.join(CAS[provider])}), needed by {users}"
        )
        yield Fault(f"{path}.caa", message, f"add {{tag: issue, value: {CAS[provider][0]}}}")


def _allows(records: tuple[CaaRecord, ...], cas: tuple[str, ...]) -> bool:
    """Whether any of the authorities may issue for a plain host (`issuewild` is for wildcards only)."""
    issue = [
        record.value.split(";")[0].strip().lower().rstrip(".") for record in records if record.tag.lower() == "issue"
    ]
    return not issue or any(ca in issue for ca in cas)
