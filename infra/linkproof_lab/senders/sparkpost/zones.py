"""`spgo.io` and `sparkpost.com`: the tracking endpoints."""

from __future__ import annotations

from linkproof_lab.senders.sparkpost.facts import ENDPOINTS, MANAGED
from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 60


def zones(settings: LabSettings) -> Zones:
    endpoints = (*ENDPOINTS.values(), *MANAGED.values())
    found = [(name, "A", _TTL_SECONDS, settings.addresses([octets])) for name, octets in endpoints]
    return {
        "spgo.io": [one for one in found if one[0].endswith("spgo.io")],
        "sparkpost.com": [one for one in found if one[0].endswith("sparkpost.com")],
    }
