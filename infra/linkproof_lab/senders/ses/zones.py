"""`awstrack.me`: the tracking server of each region."""

from __future__ import annotations

from linkproof_lab.senders.ses.facts import REGIONS
from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 60


def zones(settings: LabSettings) -> Zones:
    names = {region: settings.addresses([octets]) for region, octets in REGIONS.items()}
    return {"awstrack.me": [(f"r.{region}.awstrack.me", "A", _TTL_SECONDS, at) for region, at in names.items()]}
