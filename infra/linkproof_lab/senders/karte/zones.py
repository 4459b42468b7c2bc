"""`cname.karte.io`, which tracking hosts point at, and the hosts of the standard tag."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 300


def zones(settings: LabSettings) -> Zones:
    names = ("cname.karte.io", "static.karte.io", "t.karte.io")
    return {"karte.io": [(name, "A", _TTL_SECONDS, settings.origin_addresses("karte")) for name in names]}
