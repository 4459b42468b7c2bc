"""Hosted zones of one name: Route 53 lets anybody of the account make another, with other name servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linkproof.contract.reading import wire

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient


def zones_named(client: AwsClient, name: str) -> Iterator[str]:
    """Public ones alone: a private zone of the same name is how an internal view is made."""
    answer = client.service("route53").list_hosted_zones_by_name(DNSName=name)
    for zone in answer["HostedZones"]:
        if wire(zone["Name"]) == name and not (zone.get("Config") or {}).get("PrivateZone"):
            yield str(zone["Id"]).removeprefix("/hostedzone/")
