"""Rules of a declaration with CloudFront edges: the certificate's name, and quotas counted before a deployment meets them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import ceil

from linkproof.contract.declared import Edge
from linkproof.contract.own_certificates import unused
from linkproof.contract.rules import EdgeRule, EdgeView, Fault, past_branded, rule
from linkproof.edges.cloudfront.facts import (
    MOST_COMMON_NAME_OCTETS,
    MOST_DISTRIBUTIONS,
    MOST_DISTRIBUTIONS_PER_POLICY,
    MOST_POLICIES,
)

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
)
def distributions(view: EdgeView) -> Iterator[Fault]:
    for edge, count in past_branded(view):
        if count > MOST_DISTRIBUTIONS:
            message = f"account {edge.account} needs {count} distributions, CloudFront allows {MOST_DISTRIBUTIONS}"
            fix = "spread the links over several accounts, or ask AWS for more and split the declaration by account"
            yield Fault(edge.path, message, fix)


@rule(
    RULES,
    "quota.cloudfront-policies",
    because="CloudFront: 20 origin-request policies per account, each shared by at most 100 distributions; policies belong to an edge",
)
def policies(view: EdgeView) -> Iterator[Fault]:
    first: dict[str, Edge] = {}
    needed: Counter[str] = Counter()
    for edge, count in _links(view).items():
        first.setdefault(edge.account, edge)
        needed[edge.account] += ceil(count / MOST_DISTRIBUTIONS_PER_POLICY)
    for account, count in needed.items():
        if count > MOST_POLICIES:
            message = f"account {account} needs {count} origin-request policies, CloudFront allows {MOST_POLICIES}"
            yield Fault(first[account].path, message, "let links of one account share one edge")


def _links(view: EdgeView) -> Counter[Edge]:
    """How many distributions each edge has: a branded link has none yet."""
    return Counter(placed.edge for placed in view.links if placed.link.phase != "branded")
