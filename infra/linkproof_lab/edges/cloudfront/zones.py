"""The domain of all distributions; each adds its own name."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings


def zones(settings: LabSettings) -> Zones:
    return {"cloudfront.net": ()}
