"""Where endpoints lead. In the lab every name below it leads to its edge, whether there is such an endpoint or not."""

from __future__ import annotations

from linkproof_lab.edges.azure.facts import DOMAIN, FACTS
from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 30


def zones(settings: LabSettings) -> Zones:
    return {"azurefd.net": [(f"*.{DOMAIN}", "A", _TTL_SECONDS, settings.addresses(FACTS.edges))]}
