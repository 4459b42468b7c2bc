"""Amazon SES custom redirect domains: one CNAME, which leads to the region's tracking server until it moves to an edge.

A managed account has its configuration sets after the records: SES is told of a host only once its name is there, and to write https
only in phase `secured`, which is after the edge was proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from linkproof.contract.declared import PHASES_AT_EDGE, Link, Sender
from linkproof.contract.items import Item
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.senders.ses.facts import HEADERS, METHODS, REGIONS, tracking_host
from linkproof.senders.ses.items import ConfigurationSet, EventDestination, HttpsPolicy, set_resource

_SECURED: dict[str, HttpsPolicy] = {"all": "REQUIRE", "opens": "REQUIRE_OPEN_ONLY"}
_ARNS = ("stream", "role", "topic", "bus")


def target(sender: Sender) -> str:
    """Where the click host leads while SES serves it, without trailing dot."""
    return tracking_host(sender.options.region)


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that there is, with its region."""
    return tuple((tracking_host(region), region) for region in REGIONS)


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SES unchanged. Cookies of the parent domain would make it refuse: it takes 8,192 octets of headers."""
    return EdgeNeeds(origin=target(sender), headers=HEADERS, query_strings="all", cookies="none", methods=METHODS)


def items(use: LinkUse) -> tuple[Item, ...]:
    """Nothing beside the click record."""
    del use
    return ()


def account_items(sender: Sender, links: Sequence[Link]) -> tuple[Item, ...]:
    """Configuration sets and event destinations of an account with `manage`."""
    manage = getattr(sender.options, "manage", None)
    by_key = {link.key: link for link in links}
    return tuple(
        item
        for name, one in ((manage.configuration_sets if manage is not None else None) or {}).items()
        if one.link in by_key
        for item in _set(sender, name, one, by_key[one.link])
    )


def _set(sender: Sender, name: str, one: Any, link: Link) -> Iterator[Item]:
    path = f"{sender.path}.manage.configuration_sets.{name}"
    resource = set_resource(sender.account, sender.region, name)
    yield ConfigurationSet(
        resource=resource,
        path=path,
        name=name,
        account=sender.account,
        region=sender.region,
        redirect_domain=link.click_host.text,
        https_policy=_SECURED[one.https] if link.phase == "secured" else "OPTIONAL",
        needs=(f"{link.click_host.text}/CNAME",),
        protect=link.phase in PHASES_AT_EDGE,
    )
    for destination, form in (one.events or {}).items():
        arns = tuple((key, getattr(form, key)) for key in _ARNS if hasattr(form, key))
        yield EventDestination(
            resource=f"{resource}/{destination}",
            path=f"{path}.events.{destination}",
            name=destination,
            configuration_set=resource,
            account=sender.account,
            region=sender.region,
            to=form.to,
            types=tuple(sorted({kind.replace("-", "_").upper() for kind in form.types})),
            enabled=form.enabled,
            arns=arns,
            dimensions=tuple(
                (each.name, each.source.replace("-", "_").upper(), each.default)
                for each in getattr(form, "dimensions", ())
            ),
            needs=(resource,),
        )
