"""Where hosts lead, with and without IPv6; and the zone in which challenges are answered."""

from __future__ import annotations

from linkproof_lab.edges.fastly.facts import FACTS, TARGET, VALIDATIONS
from linkproof_lab.service import Zones
from linkproof_lab.settings import LabSettings

_TTL_SECONDS = 30


def zones(settings: LabSettings) -> Zones:
    addresses = settings.addresses(FACTS.edges)
    # A lab's edges have no IPv6 addresses of their own: the dual-stack name gives the others alone.
    names = (TARGET, f"dualstack.{TARGET}")
    return {"fastly.net": [(name, "A", _TTL_SECONDS, addresses) for name in names], VALIDATIONS: ()}
