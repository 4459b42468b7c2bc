"""A zone of its own for each fault, below `test.`: its file, its delegation, what is declared about it."""

from __future__ import annotations

from typing import Any

from linkproof.expectations.model import Expectations, parse

from tests.verify.world import TARGET, World, record

CLICK_LINE = f"url CNAME {TARGET}"
# A second server for zones of one real server, for a server that stands alone is a finding: over IPv6, over which nothing is asked here.
ELSEWHERE = {"ns6": "2001:db8::53"}


def zone_text(zone: str, servers: dict[str, str], *lines: str, serial: int = 1) -> str:
    """The zone's file.

    Args:
        zone: its apex, with the trailing dot.
        servers: label → address of each of its name servers.
        lines: what stands in it beside SOA, NS and their addresses.
    """
    own = [f"@ NS {label}.{zone}\n{label} {address_type(address)} {address}" for label, address in servers.items()]
    head = [f"$ORIGIN {zone}", "$TTL 300", f"@ SOA {next(iter(servers))} host {serial} 900 300 86400 60"]
    return "\n".join([*head, *own, *lines, ""])


def chain_zone(length: int) -> str:
    return f"chain{length}.test."


def chain_text(length: int, servers: dict[str, str]) -> str:
    """From url to the target in so many CNAMEs, all but the last inside the zone."""
    names = ["url", *(f"c{number}" for number in range(1, length))]
    lines = [f"{here} CNAME {there}" for here, there in zip(names, [*names[1:], TARGET], strict=True)]
    return zone_text(chain_zone(length), servers, *lines)


def delegate(world: World, zone: str, servers: dict[str, str], ds: list[str] | None = None) -> None:
    """Lead the zone from `test.` to these servers."""
    world.tld.set(zone, "NS", [f"{label}.{zone}" for label in servers])
    for label, address in servers.items():
        world.tld.set(f"{label}.{zone}", address_type(address), [address])
    world.tld.set(zone, "DS", ds)


def address_type(address: str) -> str:
    return "AAAA" if ":" in address else "A"


def click_of(zone: str, **changes: Any) -> dict[str, Any]:
    """The click host's record."""
    return record(**{"name": f"url.{zone}", **changes})


def declare(zone: str, *records: dict[str, Any], **changes: Any) -> Expectations:
    """The expectations of this zone alone: by default its click host."""
    zones = [{"id": f"zone/{zone.rstrip('.')}", "path": f"zones.{zone.rstrip('.')}", "name": zone, **changes}]
    return parse({"version": 1, "zones": zones, "records": list(records) or [click_of(zone)]})
