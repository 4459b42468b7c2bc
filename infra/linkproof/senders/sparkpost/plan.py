"""SparkPost tracking domains: one CNAME, which leads to the region's tracking endpoint until it moves to an edge.

A managed account has the tracking domain itself after that record: SparkPost verifies it by a request to the host, at the endpoint as
behind an edge, and is told to write https in phase `secured` alone. Where SparkPost terminates HTTPS itself the record leads to another
endpoint, and the tracking domain has a certificate.
"""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.declared import PHASES_AT_EDGE, Link, Sender
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds, OwnEdge
from linkproof.contract.sender import LinkUse
from linkproof.senders.sparkpost.facts import (
    CACHE_SECONDS,
    ENTERPRISE_ZONE,
    HEADERS,
    MANAGED_CAS,
    MANAGED_METHODS,
    MANAGED_SECURED_BY,
    MANAGED_TARGETS,
    METHODS,
    TARGETS,
)
from linkproof.senders.sparkpost.items import SendingDomain, TrackingDomain, tracking_of


def target(sender: Sender) -> str:
    """Where the click host leads while SparkPost serves it, without trailing dot."""
    if sender.region == "enterprise":
        return sender.options.target or ENTERPRISE_ZONE  # without one the declaration is refused
    return TARGETS[sender.region]


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that is alike for all accounts, with its region."""
    return tuple((name, region) for region, name in TARGETS.items())


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SparkPost. The whole query is told apart, so that no two links share an answer that is kept."""
    return EdgeNeeds(
        origin=target(sender),
        headers=HEADERS,
        query_strings="all",
        cookies="none",
        methods=METHODS,
        forwarded_host="for-host",
        cache_seconds=CACHE_SECONDS,
        own_edge=_own_edge(sender),
    )


def _own_edge(sender: Sender) -> OwnEdge | None:
    """None for an enterprise account. A link takes it up in any `branded`: both endpoints answer for every tracking domain."""
    managed = MANAGED_TARGETS.get(sender.region)
    if managed is None:
        return None
    return OwnEdge(target=managed, cas=MANAGED_CAS, methods=MANAGED_METHODS, secured_by=MANAGED_SECURED_BY)


def items(use: LinkUse) -> tuple[Item, ...]:
    """The tracking domain of a managed account, after the click record by which SparkPost verifies it."""
    link, sender = use.link, use.link.sender
    if not sender.is_managed:
        return ()
    manage, host = sender.options.manage, link.click_host.text
    tracking = TrackingDomain(
        resource=tracking_of(host),
        path=link.path,
        host=host,
        account=sender.account,
        subaccount=_subaccount(sender),
        secure=link.phase == "secured",
        is_default=None if manage.default is None else manage.default == link.key,
        needs=(f"{host}/CNAME",),
        managed_target=MANAGED_TARGETS.get(sender.region, "") if link.stands_at_own_edge else "",
        protect=link.phase in PHASES_AT_EDGE,
    )
    return (tracking,)


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Which sending domains write with which link, of an account with `manage`."""
    manage = getattr(sender.options, "manage", None)
    hosts = {link.key: link.click_host.text for link in links}
    return tuple(
        SendingDomain(
            resource=f"{sender.account}/{domain}",
            path=f"{sender.path}.manage.sending_domains.{domain}",
            domain=domain,
            host=hosts[key],
            account=sender.account,
            subaccount=_subaccount(sender),
            needs=(tracking_of(hosts[key]),),
        )
        for domain, key in ((manage.sending_domains if manage is not None else None) or {}).items()
        if key in hosts
    )


def _subaccount(sender: Sender) -> str:
    """As the API's header has it; empty for the account itself."""
    number = sender.options.manage.subaccount
    return "" if number is None else str(number)
