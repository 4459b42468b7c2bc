"""What a declaration's owner has done in the world beforehand: zones, validated brands, uploaded certificates."""

from __future__ import annotations

from linkproof.declaration.model import Declaration
from linkproof.plan.build import build
from linkproof.plan.by_hand import HandRecord, LateValue, by_hand, nothing_known

from linkproof_lab.ca import issue
from linkproof_lab.client import LabControl
from linkproof_lab.settings import LabSettings
from linkproof_lab.world import CustomerZone

DEMO_TOKEN = "demo"  # noqa: S105  a word in an example, no secret


def zones(declaration: Declaration) -> list[CustomerZone]:
    return [
        CustomerZone(zone.id or zone.name.text, zone.name.text, zone.dns, None) for zone in declaration.zones.values()
    ]


def settle(settings: LabSettings, declaration: Declaration) -> None:
    """Tell the lab's origins which hosts are theirs, and publish the records of `manual` zones as a person would."""
    with LabControl(settings) as control:
        for link in declaration.links.values():
            control.put_document("sendgrid-host", link.click_host.text, {"valid": True})
        # A tracked link of a mail already sent, for people to follow.
        control.put_document("sendgrid-click", DEMO_TOKEN, {"url": "https://www.example.com/welcome"})
        uploaded = control.documents("karte-host")
        for host in declaration.tracking_hosts.values():
            if host.host.text not in uploaded:
                control.put_document("karte-host", host.host.text, _upload(settings, host.host.text))
        publish(control, declaration, nothing_known)


def _upload(settings: LabSettings, host: str) -> dict[str, str]:
    certificate = issue(settings, [host])
    return {"cert_pem": certificate.cert_pem, "chain_pem": certificate.chain_pem, "key_pem": certificate.key_pem}


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
