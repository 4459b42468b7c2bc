"""One question at one server, with what a fault has changed about the world it is answered from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import dns.message

from linkproof_lab.nameservers.lookup import ZoneContent
from linkproof_lab.nameservers.zones import AsOf, Zones
from linkproof_lab.nameservers.zoneview import Sets
from linkproof_lab.store import Zone


@dataclass(frozen=True, slots=True)
class Server:
    """An authoritative server.

    Args:
        address: where it listens.
        serves: the IPv4 address under which zones list it; differs from `address` for the IPv6 socket only.
    """

    address: str
    serves: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question on its way to its answer.

    Args:
        zone: the zone that the server would answer from; None where it serves none (and always at the resolver).
        as_of: the state of a zone, by zone id, where a fault chose another than the server's own.
        replaced: names whose records a fault replaced, by zone id.
    """

    query: dns.message.Message
    transport: str
    server: Server
    name: str
    type: str
    zone: Zone | None = None
    zones: Zones | None = None
    as_of: Mapping[str, AsOf] = field(default_factory=dict)
    replaced: Mapping[str, Mapping[str, Sets]] = field(default_factory=dict)

    def content(self, zone: Zone) -> ZoneContent:
        """A zone as this server has it now."""
        assert self.zones is not None, "only an authoritative server has zones"
        delay = AsOf(seconds_ago=self.zones.delay_seconds(self.server.address, self.server.serves))
        return ZoneContent(zone, self.zones.view(zone, self.as_of.get(zone.id, delay)), self.replaced.get(zone.id, {}))
