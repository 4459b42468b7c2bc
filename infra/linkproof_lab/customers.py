"""What a declaration's owner has done in the world beforehand: zones, validated brands, uploaded certificates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkproof.declaration.model import Declaration
from linkproof.plan.build import build
from linkproof.plan.by_hand import HandRecord, LateValue, by_hand, nothing_known

from linkproof_lab.client import LabControl
from linkproof_lab.service import services
from linkproof_lab.settings import LabSettings
from linkproof_lab.world import CustomerZone


@dataclass(frozen=True, slots=True)
class Customer:
    """What a sender's `customers.settle` is given.

    Args:
        hosts: the click hosts of the sender's links, or the tracking hosts.
        regions: of the account of each link's host.
        managed: click hosts of which a deployment makes what the sender holds.
        proved: domains of which a deployment publishes the sender's own records.
    """

    settings: LabSettings
    control: LabControl
    hosts: tuple[str, ...]
    regions: Mapping[str, str] = field(default_factory=dict)
    managed: tuple[str, ...] = ()
    proved: tuple[str, ...] = ()


def zones(declaration: Declaration) -> list[CustomerZone]:
    return [
        CustomerZone(zone.id or zone.name.text, zone.name.text, zone.dns, None) for zone in declaration.zones.values()
    ]


def settle(settings: LabSettings, declaration: Declaration) -> None:
    """Do at each sender what its customers have done, and publish the records of `manual` zones as a person would."""
    # what a deployment makes there, nobody has made before
    links = [link for link in declaration.links.values() if not link.sender.is_managed]
    hosts: list[tuple[str, str]] = [(link.sender.provider, link.click_host.text) for link in links]
    made = [
        (link.sender.provider, link.click_host.text) for link in declaration.links.values() if link.sender.is_managed
    ]
    regions = {link.click_host.text: link.sender.region for link in links}
    hosts += [(host.provider, host.host.text) for host in declaration.tracking_hosts.values()]
    entries = list(declaration.senders.values())
    with LabControl(settings) as control:
        for sender in services("senders"):
            module = sender.file("customers")
            if module is not None:
                mine = tuple(host for name, host in hosts if name == sender.name)
                managed = tuple(host for name, host in made if name == sender.name)
                proved = tuple(
                    domain for one in entries if one.provider == sender.name for domain in one.options.hosts()
                )
                module.settle(Customer(settings, control, mine, regions, managed, proved))
        publish(control, declaration, nothing_known)


def publish(
    control: LabControl, declaration: Declaration, late: LateValue
) -> tuple[list[HandRecord], list[HandRecord]]:
    """Publish the records of `manual` zones, as a person would who was handed them.

    Args:
        late: what the stack's deployment has made known.

    Returns:
        what was published, and what is not known yet.
    """
    records = by_hand(build(declaration), late)
    known = [record for record in records if not record.missing]
    ids = {zone.name.text: zone.id or zone.name.text for zone in declaration.zones.values()}
    for zone in dict.fromkeys(record.zone for record in known):
        rrsets = [
            {"name": r.name.rstrip("."), "type": r.type, "ttl": r.ttl_seconds, "data": [r.value]}
            for r in known
            if r.zone == zone
        ]
        control.set_records(ids[zone], rrsets)
    return known, [record for record in records if record.missing]
