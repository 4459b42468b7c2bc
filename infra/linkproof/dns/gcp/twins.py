"""Managed zones of one DNS name: Cloud DNS lets a project have several, each with other name servers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from linkproof.contract.reading import wire

if TYPE_CHECKING:
    from linkproof.vendors.gcp.client import GcpClient


def zones_named(client: GcpClient, name: str) -> Iterator[str]:
    """Public ones alone."""
    for held in client.list(f"{client.dns}projects/{client.project}/managedZones", "managedZones"):
        if wire(held["dnsName"]) == name and held.get("visibility") != "private":
            yield str(held["name"])
