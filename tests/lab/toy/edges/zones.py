"""`toy-edge.example`: each edge adds `<id>.toy-edge.example`."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

DOMAIN = "toy-edge.example"


def zones(settings: LabSettings) -> Zones:
    return {DOMAIN: ()}
