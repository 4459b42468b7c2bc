"""KARTE's certificates in the engine: requested from ACM, with the record that proves each."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from linkproof.acm import proof_of
from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.ownership import TAG
from linkproof.senders.karte.facts import VENDOR
from linkproof.senders.karte.items import ExportableCertificate


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """Each certificate, and its record as soon as ACM has said it."""
    for item in items:
        if isinstance(item, ExportableCertificate):
            mine = [one for one in records if isinstance(one.name, Late) and one.name.item == item.resource]
            _certificate(item, mine, building)


def _certificate(item: ExportableCertificate, records: Sequence[Record], building: Building) -> None:
    made = aws.acm.Certificate(
        item.resource,
        domain_name=item.host,
        validation_method="DNS",
        key_algorithm="RSA_2048",
        options={"export": "ENABLED"},
        tags={TAG: building.owner},
        region=item.region,
        opts=pulumi.ResourceOptions(provider=building.provider(VENDOR, item.account), protect=item.protect),
    )
    building.made[item.resource] = [made]
    name, value = proof_of(made, item.host)
    for record in records:
        building.late |= {record.name: name, record.value: value}  # type: ignore[dict-item]  # both are late
        published = building.publish(record, name, value)
        if published is not None:
            building.records.append(published)
            building.made.setdefault(record.resource, []).append(published)
