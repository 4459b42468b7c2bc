"""What a name leads to inside the lab: for records that a DNS host answers with someone else's addresses."""

from __future__ import annotations

from linkproof_lab.store import RRsetVersion, Store, Zone

_MOST_CNAMES = 8


class ZoneFinder:
    """The deepest zone of the lab that contains a name. Built once per question from the store's zones."""

    def __init__(self, store: Store) -> None:
        self._zones = {zone.name: zone for zone in store.zones() if zone.servers}

    def zone_of(self, name: str) -> Zone | None:
        labels = name.lower().rstrip(".").split(".")
        for start in range(len(labels) + 1):
            zone = self._zones.get(".".join(labels[start:]))
            if zone is not None:
                return zone
        return None


def addresses(store: Store, name: str, rtype: str) -> RRsetVersion | None:
    """The newest A or AAAA record set that a name leads to, through CNAMEs, or None."""
    finder = ZoneFinder(store)
    for _ in range(_MOST_CNAMES):
        name = name.lower().rstrip(".")
        zone = finder.zone_of(name)
        if zone is None:
            return None
        found = store.rrset(zone.id, name, rtype)
        if found is not None:
            return found
        alias = store.rrset(zone.id, name, "CNAME")
        if alias is None:
            return None
        name = alias.data[0]
    return None
