"""Its tracking domain: nothing is served there yet."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings


def zones(settings: LabSettings) -> Zones:
    return {"spgo.io": ()}
