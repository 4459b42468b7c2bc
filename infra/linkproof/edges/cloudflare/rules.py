"""Rules of a declaration with Cloudflare edges: the zone must be there, its certificate reach, its rules fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE, Edge
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, rule
from linkproof.edges.cloudflare.facts import AUTOMATIC_TTL_SECONDS, MOST_RULES, UNIVERSAL_SSL_LEVELS
from linkproof.edges.cloudflare.plan import expressions
from linkproof.show import show_host

RULES: list[EdgeRule] = []
DNS = "cloudflare"


@rule(
    RULES,
    "edge.rulesets-disagree",
    because="Cloudflare has one entry-point ruleset per zone and phase: it is ours or someone else's",
)
def rulesets_disagree(view: EdgeView) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    told = set()
    for placed in view.links:
        edge, zone = placed.edge, placed.zone
        other = first.setdefault(zone.name.text, edge)
        if other.options.rulesets != edge.options.rulesets and (edge.key, zone.name) not in told:
            told.add((edge.key, zone.name))
            message = (
                f"in {zone.name} {other.path} has `rulesets: {other.options.rulesets}` and this edge"
                f" `{edge.options.rulesets}`"
            )
            yield Fault(f"{edge.path}.rulesets", message, "give the edges of one zone the same value")


@rule(
    RULES,
    "edge.cloudflare-zone",
    because="Cloudflare proxies a host only where it serves the zone (a CNAME setup needs Business and a host of its own)",
)
def zone_elsewhere(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        if placed.zone.dns != DNS:
            message = f"edge {placed.edge.key} is Cloudflare, but {show_host(placed.zone.name)} is served by {placed.zone.dns}"
            fix = "use an edge of another provider, or move the zone to Cloudflare"
            yield Fault(placed.path, message, fix)


@rule(RULES, "edge.cloudflare-account", because="the proxy belongs to the zone: both are reached with one credential")
def other_account(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        edge, zone = placed.edge, placed.zone
        if zone.dns == DNS and edge.account != zone.account:
            message = f"edge {edge.key} has account {edge.account}, its zone {zone.name} has {zone.account}"
            yield Fault(placed.path, message, "declare an edge with the zone's account")


@rule(
    RULES,
    "edge.universal-ssl-depth",
    because="Cloudflare's Universal SSL covers the zone's apex and one level below it",
)
def universal_ssl_depth(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        host, zone = placed.link.click_host, placed.zone
        below = len(host.labels) - len(zone.name.labels)
        if below > UNIVERSAL_SSL_LEVELS and placed.edge.options.own_certificate(host.text) is None:
            message = f"{show_host(host)} is {below} levels below {zone.name}; Universal SSL covers one"
            fix = f"use a host such as {host.labels[0]}.{zone.name}, another edge, or a certificate of your own (`certificate: yours`)"
            yield Fault(f"{placed.link.path}.click_host", message, fix)


@rule(RULES, "edge.proxied-ttl", because="a proxied Cloudflare record has the automatic TTL, served as 300 seconds")
def proxied_ttl(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        link = placed.link
        if link.phase in PHASES_AT_EDGE and link.ttl_seconds != AUTOMATIC_TTL_SECONDS:
            message = f"Cloudflare serves its automatic TTL as 300, whatever is declared (here {link.ttl_seconds})"
            yield Fault(f"{link.path}.ttl_seconds", message, "write 300, or remove the key", "warning")


@rule(
    RULES,
    "quota.cloudflare-rules",
    because="Cloudflare: rules per zone and ruleset phase by plan (Free 10, Pro 25, Business 50, Enterprise 300), 4 KB per expression",
)
def rules(view: EdgeView) -> Iterator[Fault]:
    hosts: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for placed in view.links:
        if placed.edge.options.rulesets == "ours" and placed.link.phase != "branded":
            hosts[placed.zone.path][placed.edge.key].append(placed.link.click_host.text)
    for path, by_edge in hosts.items():
        needed = sum(sum(1 for _ in expressions(sorted(names))) for names in by_edge.values())
        if needed > MOST_RULES["Enterprise"]:
            message = f"needs {needed} rules per ruleset phase, Cloudflare allows {MOST_RULES['Enterprise']} at most"
            yield Fault(path, message, "spread the links over several zones")
        elif needed > MOST_RULES["Free"]:
            plan = next(name for name, most in MOST_RULES.items() if needed <= most)
            message = f"needs {needed} rules per ruleset phase; the Free plan allows {MOST_RULES['Free']}"
            yield Fault(path, message, f"make sure that the zone is on the {plan} plan or above", "warning")
