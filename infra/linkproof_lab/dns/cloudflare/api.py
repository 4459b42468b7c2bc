"""`dns_records` of Cloudflare's API."""

from __future__ import annotations

from linkproof_lab.dns.cloudflare.control_plane.records import Records
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.vendors.cloudflare.control_plane.contract import ZoneService


def api(settings: LabSettings, store: Store, parts: tuple[()]) -> ZoneService:
    return Records(settings, store)
