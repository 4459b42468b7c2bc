"""A small internet of real servers at the hub: a root, a vendor, and six customers' zones, each at IPv4 and IPv6 addresses."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.faults.daemon import Daemon
from tests.shards.dask.network import Namespace

ZONES = tuple(f"c{number}.test." for number in range(1, 7))
# Of this one the record leads elsewhere than declared.
WRONG = "c3.test."
ROOT, VENDOR, FIRST, SECOND, EDGE = ((f"10.53.{n}.1", f"fd53::{n}") for n in (1, 2, 3, 4, 6))
_READY = """
import sys, time, dns.message, dns.query
while True:
    try:
        if dns.query.udp(dns.message.make_query('{zone}', 'SOA'), '{address}', timeout=0.3).answer: sys.exit()
    except Exception:
        time.sleep(0.05)
"""


class Internet(Daemon):
    """knot with every zone at every address."""

    def __init__(self, hub: Namespace, folder: Path) -> None:
        addresses = [address for both in (ROOT, VENDOR, FIRST, SECOND) for address in both]
        made = knot_files(folder / "knot", addresses)
        super().__init__(hub.inside("knotd", "-c", str(made)), folder / "knot.log")
        for address in (ROOT[0], SECOND[1]):
            hub.run(sys.executable, "-c", _READY.format(zone=ZONES[-1], address=address))
        self.hints = folder / "hints"
        self.hints.write_text(f". 3600000 NS a.root.\na.root. 3600000 A {ROOT[0]}\na.root. 3600000 AAAA {ROOT[1]}\n")
        self.expectations = folder / "expectations.json"
        self.expectations.write_text(json.dumps(expectations()))


def knot_files(home: Path, addresses: list[str]) -> Path:
    """knot's configuration and zones."""
    home.mkdir(parents=True)
    zones = _zones()
    for name, text in zones.items():
        (home / f"{name}zone").write_text(text)
    configuration = home / "knot.conf"
    configuration.write_text(
        f"server:\n    rundir: {home}\n    listen: [{', '.join(f'{address}@53' for address in addresses)}]\n"
        "    udp-workers: 1\n    tcp-workers: 2\n    background-workers: 1\nlog:\n  - target: stdout\n    any: warning\n"
        f"database:\n    storage: {home}\ntemplate:\n  - id: default\n    storage: {home}\n    zonefile-sync: -1\n"
        "    journal-content: none\nzone:\n"
        + "".join(f"  - domain: {name}\n    file: {home / f'{name}zone'}\n" for name in zones)
    )
    return configuration


def expectations() -> dict[str, Any]:
    """What is declared of every customer: one click host, seen over both families."""
    return {
        "version": 1,
        "stack": "many",
        "zones": [{"id": f"zone/{zone}", "path": f"zones.{zone}", "name": zone} for zone in ZONES],
        "records": [
            {
                "id": f"{zone}/click",
                "path": f"links.{zone}.click_host",
                "name": f"url.{zone}",
                "type": "CNAME",
                "values": ["edge.vendor.test."],
                "families": [4, 6],
            }
            for zone in ZONES
        ],
    }


def _zones() -> dict[str, str]:
    test = _zone("test.", "a.nic.test.", ROOT) + _delegation("vendor.test.", VENDOR)
    zones = {".": _zone(".", "a.root.", ROOT) + _delegation("test.", ROOT, "a.nic.test.")}
    for zone in ZONES:
        test += _delegation(zone, FIRST) + _delegation(zone, SECOND, f"ns2.{zone}")
        target = "old.vendor.test." if zone == WRONG else "edge.vendor.test."
        zones[zone] = _zone(zone, f"ns1.{zone}", FIRST) + _delegation(zone, SECOND, f"ns2.{zone}")
        zones[zone] += f"url.{zone} CNAME {target}\n"
    edge = "".join(f"{name}.vendor.test. A {EDGE[0]}\n{name}.vendor.test. AAAA {EDGE[1]}\n" for name in ("edge", "old"))
    return {**zones, "test.": test, "vendor.test.": _zone("vendor.test.", "ns1.vendor.test.", VENDOR) + edge}


def _zone(name: str, server: str, addresses: tuple[str, str]) -> str:
    soa = f"$TTL 300\n{name} SOA {server} hostmaster.test. 1 7200 900 1209600 60\n"
    return soa + _delegation(name, addresses, server)


def _delegation(name: str, addresses: tuple[str, str], server: str = "") -> str:
    server = server or f"ns1.{name}"
    return f"{name} 300 NS {server}\n{server} 300 A {addresses[0]}\n{server} 300 AAAA {addresses[1]}\n"
