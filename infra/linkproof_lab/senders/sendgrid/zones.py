"""`sendgrid.net`, which links point at, and its European twin."""

from __future__ import annotations

from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 300
_NAMES = ("sendgrid.net", "eu.sendgrid.net", "click.sendgrid.net")


def zones(settings: LabSettings) -> Zones:
    origin = settings.origin_addresses("sendgrid")
    return {"sendgrid.net": [(name, "A", _TTL_SECONDS, origin) for name in _NAMES]}
