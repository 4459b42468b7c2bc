"""SendGrid link branding: two CNAMEs, of which only the click host ever moves. The owner host stays at the sender for ever."""

from __future__ import annotations

from linkproof.contract.declared import PHASES_AT_EDGE, Sender
from linkproof.contract.items import Item, Record
from linkproof.contract.needs import EdgeNeeds
from linkproof.contract.sender import LinkUse
from linkproof.senders.sendgrid.facts import HEADERS, METHODS, TARGETS


def target(sender: Sender) -> str:
    """Where both CNAMEs point while the sender serves the link, without trailing dot."""
    return TARGETS[sender.options.region]


def targets() -> tuple[tuple[str, str], ...]:
    """Every target that there is, with its region."""
    return tuple((name, region) for region, name in TARGETS.items())


def edge_needs(sender: Sender) -> EdgeNeeds:
    """What must reach SendGrid unchanged."""
    return EdgeNeeds(origin=target(sender), headers=HEADERS, query_strings="all", cookies="none", methods=METHODS)


def items(use: LinkUse) -> tuple[Item, ...]:
    """The owner host's record, which links of one user on one domain share."""
    link = use.link
    if link.owner_host is None or use.owner_zone is None:
        return ()
    owner = link.owner_host.text
    return (
        Record(
            id=f"{owner}/owner",
            path=f"{link.path}.owner_host",
            resource=f"{owner}/CNAME",
            zone=use.owner_zone.name.text,
            name=owner,
            type="CNAME",
            value=f"{target(link.sender)}.",
            ttl_seconds=link.ttl_seconds,
            protect=link.phase in PHASES_AT_EDGE,
        ),
    )
