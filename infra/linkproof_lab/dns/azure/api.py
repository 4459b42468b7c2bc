"""Its part of Azure Resource Manager: `Microsoft.Network/dnsZones`."""

from __future__ import annotations

from linkproof_lab.dns.azure.control_plane.zones import DnsZones
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.azure.control_plane.contract import AzureService


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> AzureService:
    return DnsZones(store)
