"""Which distribution the DNS of a name leads to now."""

from __future__ import annotations

from linkproof_lab.apis.follow import ZoneFinder
from linkproof_lab.store import Store

_OWN_ZONE = ".cloudfront.net"
_MOST_CNAMES = 8


def leads_to(store: Store, name: str) -> str | None:
    """The distribution's domain at the end of the name's CNAMEs, whether it exists or not; None where they lead elsewhere."""
    finder = ZoneFinder(store)
    for _ in range(_MOST_CNAMES):
        name = name.lower().rstrip(".")
        if name.endswith(_OWN_ZONE):
            return name
        zone = finder.zone_of(name)
        found = store.rrset(zone.id, name, "CNAME") if zone else None
        if found is None:
            return None
        name = found.data[0]
    return None
