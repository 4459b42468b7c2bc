"""Every name below its domain is an edge, whether there is such a zone or not."""

from __future__ import annotations

from linkproof_lab.edges.keycdn.facts import DOMAIN, FACTS
from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 30


def zones(settings: LabSettings) -> Zones:
    return {DOMAIN: [(f"*.{DOMAIN}", "A", _TTL_SECONDS, settings.addresses(FACTS.edges))]}
