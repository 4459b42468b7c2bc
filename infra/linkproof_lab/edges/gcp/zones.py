"""Where certificates' validation records point; nobody has to follow them there."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings


def zones(settings: LabSettings) -> Zones:
    return {"authorize.certificatemanager.goog": ()}
