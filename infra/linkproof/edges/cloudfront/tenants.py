"""CloudFront in tenant mode: one multi-tenant distribution per account and origin, one connection group per account, a tenant per link.

A tenant has a certificate of its own, proved by DNS before the host leads anywhere. One that CloudFront manages is issued only once the
host leads there, which is too late for whoever clicks meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from linkproof.contract.declared import Edge
from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.certified import certified
from linkproof.edges.cloudfront.facts import ERROR_STATUSES
from linkproof.edges.cloudfront.items import ConnectionGroup, MultitenantDistribution, Tenant
from linkproof.edges.cloudfront.shared import ORIGIN_PROTOCOL, ORIGIN_TLS, VIEWER_PROTOCOL, policies_for, settings

ROUTING_ENDPOINT = "routing_endpoint"


def is_tenant(edge: Edge) -> bool:
    """Whether the links of an entry are tenants, and have no distribution each."""
    return getattr(edge.options, "mode", "") == "tenant"


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Each link's own certificate and tenant, and what those of one account, and of one origin there, share."""
    shared: list[Item] = []
    for account in sorted({use.edge.account for use in uses}):
        mine = [use for use in uses if use.edge.account == account]
        shared.append(ConnectionGroup(group_of(account), account, ipv6=True, protect=any(use.in_use for use in mine)))
        for needs in dict.fromkeys(_alike(use) for use in sorted(mine, key=lambda use: use.host)):
            protect = any(use.in_use for use in mine if _alike(use) == needs)
            shared += _of_origin(account, needs, protect=protect)
    return EdgePlanned({use.key: _part(use) for use in uses}, tuple(shared))


def group_of(account: str) -> str:
    """`resource` of an account's connection group."""
    return f"{account}/tenants"


def routing_endpoint(account: str) -> Late:
    """The name that the click hosts of an account's tenants lead to."""
    return Late(group_of(account), ROUTING_ENDPOINT, "the routing endpoint of connection group")


def _of_origin(account: str, needs: EdgeNeeds, *, protect: bool) -> list[Item]:
    name = _distribution_of(account, needs)
    distribution = MultitenantDistribution(
        resource=name,
        account=account,
        policy=name,
        origin=needs.origin,
        origin_protocol=ORIGIN_PROTOCOL,
        origin_tls=ORIGIN_TLS,
        methods=needs.methods,
        viewer_protocol=VIEWER_PROTOCOL,
        cache_policy=name if needs.cache_seconds else "",
        error_statuses=ERROR_STATUSES,
        protect=protect,
    )
    return [*policies_for(name, account, needs, protect=protect), distribution]


def _part(use: EdgeUse) -> EdgePart:
    host, needs, account = use.host, use.needs, use.edge.account
    certificate = certified(use)
    tenant = Tenant(
        resource=host,
        path=use.path,
        host=host,
        account=account,
        certificate=certificate.resource,
        own_certificate=certificate.own,
        distribution=_distribution_of(account, needs),
        group=group_of(account),
        origin=needs.origin,
        protect=use.in_use,
    )
    target = routing_endpoint(account)
    viewer = (
        f"http and https, IPv6; {', '.join(sorted(needs.methods))}; the oldest TLS version is CloudFront's own choice"
    )
    return EdgePart(
        items=(*certificate.items, tenant),
        checks=(use.endpoint(target), *certificate.checks),
        # the endpoint is there before any tenant: the host leads there once its own answers
        click=Click(target, needs=(host,)),
        certificate=certificate.shown,
        certificate_is_yours=bool(certificate.own),
        settings=(
            *settings(needs, "the viewer's Host", viewer),
            ("tenant of", f"the multi-tenant distribution {tenant.distribution}"),
        ),
    )


def _alike(use: EdgeUse) -> EdgeNeeds:
    """What one distribution does for all its tenants; none can say a host of its own in X-Forwarded-Host."""
    return replace(use.needs, forwarded_host="no", own_edge=None)


def _distribution_of(account: str, needs: EdgeNeeds) -> str:
    return f"{account}/{needs.origin}/tenants"
