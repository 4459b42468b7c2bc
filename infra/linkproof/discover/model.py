"""What was seen: of zones and edges by files and APIs, and of hosts from outside."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.contract.seen import SeenBrand, SeenEdge, SeenRecord, SeenZone

__all__ = ["HostSeen", "Seen", "SeenBrand", "SeenEdge", "SeenRecord", "SeenZone"]


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What one host shows from outside.

    Args:
        sender: its plug-in; empty while unknown, as `edge` is where there is none or an unknown one.
        sender_title: as people call it.
        region: of the sender; empty where that does not show.
        phase: `branded` or `live`; empty while unknown.
        is_managed: the sender terminates HTTPS itself.
        target: what its CNAME leads to.
        notes: what else a person should know.
    """

    host: str
    sender: str = ""
    sender_title: str = ""
    region: str = ""
    edge: str = ""
    edge_title: str = ""
    phase: str = ""
    is_managed: bool = False
    target: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """All that the sources say.

    Args:
        hosts: that a person named, links whatever the records say.
        named_zones: that a person named.
        brands: links as their senders' accounts have them.
    """

    zones: tuple[SeenZone, ...] = ()
    edges: tuple[SeenEdge, ...] = ()
    hosts: tuple[str, ...] = ()
    named_zones: tuple[str, ...] = ()
    brands: tuple[SeenBrand, ...] = ()
