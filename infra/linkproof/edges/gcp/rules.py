"""Rules of a declaration with Google Cloud edges: the name that click hosts lead to is free, and the URL map is not too large."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from linkproof.contract.declared import Edge
from linkproof.contract.own_certificates import unused
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, rule
from linkproof.edges.gcp.facts import MOST_URL_MAP_OCTETS
from linkproof.edges.gcp.names import label, target

RULES: list[EdgeRule] = []
# Of a host in a rule of its own with its path matcher, beside its name, which stands there twice.
_OCTETS_OF_A_ROUTE = 900


@rule(
    RULES,
    "edge.gcp-target",
    because="the load balancer has addresses and no name: click hosts lead to a name of the zone, one for each account",
)
def target_is_free(view: EdgeView) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    for edge in view.edges:
        other = first.setdefault(label(edge.account), edge)
        if other.account != edge.account:
            message = f"accounts {other.account} and {edge.account} would have the same name, {label(edge.account)}"
            yield Fault(f"{edge.path}.account", message, "give one of the accounts another name")
    for placed in view.links:
        host, name = placed.link.click_host.text, target(placed.edge.account, placed.zone.name.text)
        if host == name:
            message = f"{host} is the name that links of edge {placed.edge.key} lead to"
            yield Fault(f"{placed.link.path}.click_host", message, "use another host")


@rule(
    RULES,
    "edge.gcp-certificate-unused",
    because="a certificate of your own that no link of the edge uses is mostly a misspelt name, and a new one is made in its place",
)
def certificates_are_used(view: EdgeView) -> Iterator[Fault]:
    yield from unused(view)


@rule(RULES, "quota.gcp-url-map", because="Google Cloud: a URL map has at most 1 MB, and an account's links share one")
def url_map(view: EdgeView) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    octets: Counter[str] = Counter()
    for placed in view.links:
        if placed.link.phase != "branded":
            first.setdefault(placed.edge.account, placed.edge)
            octets[placed.edge.account] += 2 * len(placed.link.click_host.text) + _OCTETS_OF_A_ROUTE
    for account, needed in octets.items():
        if needed > MOST_URL_MAP_OCTETS:
            message = (
                f"account {account} needs a URL map of up to {needed} octets, Google Cloud allows {MOST_URL_MAP_OCTETS}"
            )
            yield Fault(first[account].path, message, "spread the links over several accounts (projects)")
