"""`cname.karte.io`, which tracking hosts point at."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 300


def zones(settings: LabSettings) -> Zones:
    return {"karte.io": [("cname.karte.io", "A", _TTL_SECONDS, settings.origin_addresses("karte"))]}
