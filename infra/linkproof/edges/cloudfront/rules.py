"""Rules of a declaration with CloudFront edges: the certificate's name, and quotas counted before a deployment meets them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import ceil

from linkproof.contract.declared import Edge
from linkproof.contract.own_certificates import unused
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, past_branded, rule
from linkproof.edges.cloudfront.facts import (
    MOST_CERTIFICATES,
    MOST_COMMON_NAME_OCTETS,
    MOST_DISTRIBUTIONS,
    MOST_DISTRIBUTIONS_PER_POLICY,
    MOST_MULTITENANT_DISTRIBUTIONS,
    MOST_POLICIES,
    MOST_TENANTS,
)
from linkproof.edges.cloudfront.tenants import is_tenant

RULES: list[EdgeRule] = []


@rule(
    RULES,
    "edge.certificate-name",
    because="ACM puts the first name into the common name, which RFC 5280 limits to 64 characters",
)
def certificate_name(view: EdgeView) -> Iterator[Fault]:
    for placed in view.links:
        host = placed.link.click_host
        if placed.edge.options is not None and placed.edge.options.own_certificate(host.text):
            continue
        if len(host.text) > MOST_COMMON_NAME_OCTETS:
            message = f"{host} has {len(host.text)} characters; ACM takes {MOST_COMMON_NAME_OCTETS} as the first name"
            yield Fault(f"{placed.link.path}.click_host", message, "use a shorter host")


@rule(
    RULES,
    "edge.certificate-unused",
    because="a certificate of your own that no link of the edge uses is mostly a misspelt name, and a new one is made in its place",
)
def certificates_are_used(view: EdgeView) -> Iterator[Fault]:
    yield from unused(view)


@rule(
    RULES,
    "quota.cloudfront-distributions",
    because="CloudFront: 500 distributions per account by default; one distribution per link",
    per_account=True,
)
def distributions(view: EdgeView) -> Iterator[Fault]:
    for edge, count in past_branded(_with(view, tenants=False)):
        if count > MOST_DISTRIBUTIONS:
            message = f"account {edge.account} needs {count} distributions, CloudFront allows {MOST_DISTRIBUTIONS}"
            fix = (
                "spread the links over several accounts, give the new ones an edge with `mode: tenant`, or ask AWS for more and split"
                " the declaration by account"
            )
            yield Fault(edge.path, message, fix)


@rule(
    RULES,
    "quota.cloudfront-policies",
    because="CloudFront: 20 origin-request policies per account, each shared by at most 100 distributions; policies belong to an edge",
    per_account=True,
)
def policies(view: EdgeView) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    needed: Counter[str] = Counter()
    for edge, count in _links(_with(view, tenants=False)).items():
        first.setdefault(edge.account, edge)
        needed[edge.account] += ceil(count / MOST_DISTRIBUTIONS_PER_POLICY)
    for account, origins in _origins(_with(view, tenants=True)).items():
        first.setdefault(account, next(iter(origins.values())))
        needed[account] += len(origins)
    for account, count in needed.items():
        if count > MOST_POLICIES:
            message = f"account {account} needs {count} origin-request policies, CloudFront allows {MOST_POLICIES}"
            yield Fault(first[account].path, message, "let links of one account share one edge")


@rule(
    RULES,
    "edge.cloudfront-tenant-host",
    because="tenants share their distribution's request headers: parameters are for an origin's domain and path alone"
    " (docs.aws.amazon.com, tenant-customization), and some senders need the click host in X-Forwarded-Host",
)
def forwarded_host(view: EdgeView) -> Iterator[Fault]:
    for placed in _with(view, tenants=True).links:
        if placed.needs.forwarded_host != "no":
            who = placed.link.sender
            why = "somebody else's account" if who.is_external else f"at {who.provider}"
            message = f"the sender of {placed.link.key} is {why}, which needs X-Forwarded-Host; a tenant cannot set it"
            yield Fault(placed.path, message, "name an edge without `mode: tenant`, where each link has a distribution")


@rule(
    RULES,
    "edge.cloudfront-tenant-alias",
    because="an alias record of Route 53 is adopted as it was found, and no tenant is led to by one here",
)
def alias_records(view: EdgeView) -> Iterator[Fault]:
    for placed in _with(view, tenants=True).links:
        if placed.link.is_alias:
            message = "`record: alias` leads to a link's own distribution, and a tenant has none"
            yield Fault(f"{placed.link.path}.record", message, "remove `record: alias`, and deploy that first")


@rule(
    RULES,
    "quota.cloudfront-tenants",
    because="CloudFront: 10,000 distribution tenants and 20 multi-tenant distributions per account by default; one of these per origin",
    per_account=True,
)
def tenants(view: EdgeView) -> Iterator[Fault]:
    mine = _with(view, tenants=True)
    fix = "spread the links over several accounts, or ask AWS for more and split the declaration by account"
    for edge, count in past_branded(mine):
        if count > MOST_TENANTS:
            yield Fault(
                edge.path, f"account {edge.account} needs {count} tenants, CloudFront allows {MOST_TENANTS}", fix
            )
    for account, origins in _origins(mine).items():
        if len(origins) > MOST_MULTITENANT_DISTRIBUTIONS:
            message = f"account {account} needs {len(origins)} multi-tenant distributions, CloudFront allows {MOST_MULTITENANT_DISTRIBUTIONS}"
            yield Fault(next(iter(origins.values())).path, message, fix)


@rule(
    RULES,
    "quota.cloudfront-certificates",
    because="ACM: 2,500 certificates per account and region by default, and CloudFront takes those of us-east-1 alone",
    per_account=True,
)
def certificates(view: EdgeView) -> Iterator[Fault]:
    ours = [
        placed
        for placed in view.links
        if placed.edge.options is None or not placed.edge.options.own_certificate(placed.link.click_host.text)
    ]
    for edge, count in past_branded(replace(view, links=ours)):
        if count > MOST_CERTIFICATES:
            message = (
                f"account {edge.account} needs {count} certificates, ACM allows {MOST_CERTIFICATES} until it is asked"
            )
            fix = "ask AWS for more first, or write one of your own for many hosts under `certificates`"
            yield Fault(edge.path, message, fix, "warning")


def _with(view: EdgeView, *, tenants: bool) -> EdgeView:
    """The links of one mode."""
    return replace(view, links=[placed for placed in view.links if is_tenant(placed.edge) == tenants])


def _origins(view: EdgeView) -> dict[str, dict[str, Edge]]:
    """By account, the origins that its tenants have, each with the first edge that needs it."""
    found: dict[str, dict[str, Edge]] = {}
    for placed in view.links:
        if placed.link.phase != "branded":
            found.setdefault(placed.edge.account, {}).setdefault(placed.needs.origin, placed.edge)
    return found


def _links(view: EdgeView) -> Counter[Edge]:
    """How many distributions each edge has: a branded link has none yet."""
    return Counter(placed.edge for placed in view.links if placed.link.phase != "branded")
