"""`toy-sender.example`, which click hosts point at."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

DOMAIN = "toy-sender.example"


def zones(settings: LabSettings) -> Zones:
    return {DOMAIN: [(DOMAIN, "A", 300, settings.origin_addresses("toy"))]}
