"""What a declaration's owner has done in the world beforehand: zones, validated brands, uploaded certificates."""

from __future__ import annotations

from infra.declaration.model import Declaration
from infra.dns.names import MANUAL
from infra.lab.ca import issue
from infra.lab.client import LabControl
from infra.lab.settings import LabSettings
from infra.lab.world import CustomerZone
from infra.plan.build import build
from infra.plan.items import Late

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
        _publish_manual(control, declaration)


def _upload(settings: LabSettings, host: str) -> dict[str, str]:
    certificate = issue(settings, [host])
    return {"cert_pem": certificate.cert_pem, "chain_pem": certificate.chain_pem, "key_pem": certificate.key_pem}


def _publish_manual(control: LabControl, declaration: Declaration) -> None:
    plan = build(declaration)
    for zone in plan.zones:
        rrsets = [
            {"name": record.name, "type": record.type, "ttl": record.ttl_seconds, "data": [record.value]}
            for record in plan.records
            if record.zone == zone.name and not isinstance(record.name, Late) and not isinstance(record.value, Late)
        ]
        if zone.dns == MANUAL:
            control.set_records(zone.id or zone.name, rrsets)
