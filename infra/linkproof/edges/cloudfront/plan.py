"""CloudFront: a certificate for each link, and a distribution for each or a tenant of one that all links of an origin share; the policies
that distributions share.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.values import Late
from linkproof.edges.cloudfront import tenants
from linkproof.edges.cloudfront.certified import certified
from linkproof.edges.cloudfront.facts import (
    ERROR_STATUSES,
    MINIMUM_TLS,
    MOST_DISTRIBUTIONS_PER_POLICY,
)
from linkproof.edges.cloudfront.items import CachePolicy, Distribution, OriginRequestPolicy
from linkproof.edges.cloudfront.shared import ORIGIN_PROTOCOL, ORIGIN_TLS, VIEWER_PROTOCOL, policies_for, settings

FORWARDED_HOST = "X-Forwarded-Host"


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Each link's own certificate with its distribution or tenant, and what they share."""
    alone = [use for use in uses if not tenants.is_tenant(use.edge)]
    policies, policy_of = _policies(alone)
    together = tenants.plan([use for use in uses if tenants.is_tenant(use.edge)])
    parts = {use.key: _part(use, policy_of[use.key]) for use in alone}
    return EdgePlanned({**parts, **together.parts}, (*policies, *together.shared))


def domain_name(host: str) -> Late:
    """The distribution's own name."""
    return Late(host, "domain_name", "the domain of distribution")


def _part(use: EdgeUse, policy: str) -> EdgePart:
    """The certificate with its validation record, the distribution, and how both are proved."""
    host, needs = use.host, use.needs
    certificate = certified(use)
    distribution = Distribution(
        resource=host,
        path=use.path,
        host=host,
        account=use.edge.account,
        certificate=certificate.resource,
        own_certificate=certificate.own,
        policy=policy,
        origin=needs.origin,
        origin_protocol=ORIGIN_PROTOCOL,
        origin_tls=ORIGIN_TLS,
        origin_headers=() if needs.forwarded_host == "no" else ((FORWARDED_HOST, host),),
        methods=needs.methods,
        viewer_protocol=VIEWER_PROTOCOL,
        minimum_tls=MINIMUM_TLS,
        cache_policy=policy if needs.cache_seconds else "",
        error_statuses=ERROR_STATUSES,
        ipv6=True,
        protect=use.in_use,
    )
    viewer = f"http and https, {MINIMUM_TLS}, IPv6; {', '.join(sorted(needs.methods))}"
    return EdgePart(
        items=(*certificate.items, distribution),
        checks=(use.endpoint(domain_name(host)), *certificate.checks),
        click=Click(domain_name(host)),
        certificate=certificate.shown,
        certificate_is_yours=bool(certificate.own),
        settings=settings(needs, _hosts(needs), viewer),
    )


def _hosts(needs: EdgeNeeds) -> str:
    """How the origin learns the click host."""
    said = ["the viewer's Host"] if "Host" in needs.headers else []
    return " and ".join([*said, *([] if needs.forwarded_host == "no" else [FORWARDED_HOST])])


def _policies(uses: Sequence[EdgeUse]) -> tuple[list[OriginRequestPolicy | CachePolicy], dict[str, str]]:
    """Shared policies, and by the link's key the name of each distribution's: by account, then by host, 100 at a time.

    A new link moves at most one distribution at each boundary from one policy to an identical one.
    """
    groups: dict[EdgeNeeds, dict[str, list[EdgeUse]]] = {}
    for use in uses:
        # X-Forwarded-Host is the distribution's own
        groups.setdefault(replace(use.needs, forwarded_host="no"), defaultdict(list))[use.edge.account].append(use)
    policies: list[OriginRequestPolicy | CachePolicy] = []
    policy_of: dict[str, str] = {}
    for needs, by_account in groups.items():
        for account in sorted(by_account):
            mine = sorted(by_account[account], key=lambda use: use.host)
            for start in range(0, len(mine), MOST_DISTRIBUTIONS_PER_POLICY):
                members = mine[start : start + MOST_DISTRIBUTIONS_PER_POLICY]
                name = f"{account}/{needs.origin}/{start // MOST_DISTRIBUTIONS_PER_POLICY + 1}"
                policies += policies_for(name, account, needs, protect=any(use.in_use for use in members))
                policy_of.update({use.key: name for use in members})
    return policies, policy_of
