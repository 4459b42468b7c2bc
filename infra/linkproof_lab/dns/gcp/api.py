"""`managedZones` of the Cloud DNS API."""

from __future__ import annotations

from linkproof_lab.dns.gcp.control_plane.zones import ManagedZones
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.control_plane.contract import GcpService


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> GcpService:
    return ManagedZones(store)
