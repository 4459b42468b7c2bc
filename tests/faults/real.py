"""Real name servers on loopback: knot with its own signing and rate limits, unbound as a validating resolver."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests import parts
from tests.faults.daemon import Daemon, serves, speaks

SERVER = "127.61.3.9"
SECOND = "127.61.3.8"
RESOLVER = "127.61.53.9"
ZONE = "example.test."
LINES = """
$ORIGIN example.test.
$TTL 300
@ SOA ns.example.test. host.example.test. 1 900 300 86400 60
@ NS ns.example.test.
@ NS ns6.example.test.
ns A 127.61.3.9
ns6 AAAA 2001:db8::53
url CNAME edge.vendor.test.
"""


def need(*programs: str) -> None:
    parts.need("knot unbound nsd", *programs)


def knot(
    folder: Path,
    port: int,
    zone_text: str = LINES,
    *,
    signing: bool = False,
    rate_limit: int = 0,
    others: dict[str, str] | None = None,
) -> Daemon:
    """knotd for the zone.

    Args:
        others: further zones, apex → text, which it never signs.
        signing: it makes keys and signs by itself.
        rate_limit: answers per second to one network, dropped beyond it (no slip); 0 for no limit.
    """
    need("knotd")
    home = folder / "knot"
    home.mkdir()
    (home / "zone").write_text(zone_text)
    limits = f"mod-rrl:\n  - id: limit\n    rate-limit: {rate_limit}\n    slip: 0\n" if rate_limit else ""
    more = ""
    for apex, text in (others or {}).items():
        (home / apex).write_text(text)
        more += f"  - domain: {apex}\n    file: {home / apex}\n    zonefile-sync: -1\n"
    conf = home / "knot.conf"
    conf.write_text(
        f"server:\n    rundir: {home}\n    listen: {SERVER}@{port}\n    udp-workers: 1\n    tcp-workers: 1\n"
        f"    background-workers: 1\nlog:\n  - target: stdout\n    any: info\ndatabase:\n    storage: {home}\n{limits}"
        f"template:\n  - id: default\n    storage: {home}\n"
        f"{'    global-module: mod-rrl/limit' if rate_limit else ''}\n"
        f"zone:\n  - domain: {ZONE}\n    file: {home / 'zone'}\n"
        f"    zonefile-sync: -1\n    dnssec-signing: {'on' if signing else 'off'}\n{more}"
    )
    return Daemon(["knotd", "-c", str(conf)], home / "log", serves(SERVER, port, ZONE, *(others or {})))


def nsd(folder: Path, port: int, zone_text: str) -> Daemon:
    """nsd for the same zone at the second address."""
    need("nsd")
    home = folder / "nsd"
    home.mkdir()
    (home / "zone").write_text(zone_text)
    conf = home / "nsd.conf"
    conf.write_text(
        f'server:\n    ip-address: {SECOND}@{port}\n    server-count: 1\n    zonesdir: {home}\n    database: ""\n    username: ""\n'
        f'    chroot: ""\n    pidfile: ""\n    logfile: {home}/nsd.log\n    zonelistfile: {home}/zone.list\n    xfrdfile: {home}/xfrd\n'
        f"    xfrdir: {home}\nremote-control:\n    control-enable: no\nzone:\n    name: {ZONE}\n    zonefile: zone\n"
    )
    return Daemon(["nsd", "-d", "-c", str(conf)], home / "log", serves(SECOND, port, ZONE))


def knot_ds(folder: Path) -> list[str]:
    """The DS that the parent must have, as keymgr gives it (digest type 2)."""
    need("keymgr")
    run = subprocess.run(
        ["keymgr", "-c", str(folder / "knot" / "knot.conf"), ZONE, "ds"],
        check=True, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    found = [line.split(None, 2)[2].removeprefix("DS ") for line in run.stdout.splitlines() if " DS " in line]
    return [value for value in found if value.split()[2] == "2"]


def unbound(
    folder: Path,
    port: int,
    anchors: dict[str, list[str]],
    *,
    access: str = "allow",
    stubs: dict[str, str] | None = None,
    options: str = "",
    address: str = RESOLVER,
) -> Daemon:
    """unbound, which finds the zones at the tests' addresses.

    Args:
        anchors: zone → the DS that it trusts.
        access: `allow` refuses questions without RD, `allow_snoop` answers them from the cache.
        stubs: zone → address of its server, beside the vendor's zone, in which the targets are.
        options: further lines of its `server:` part.
    """
    need("unbound")
    home = folder / "unbound"
    home.mkdir()
    trust = "".join(f'    trust-anchor: "{zone} DS {value}"\n' for zone, ds in anchors.items() for value in ds)
    conf = home / "unbound.conf"
    conf.write_text(
        f"server:\n    interface: {address}@{port}\n    access-control: 127.0.0.0/8 {access}\n    username: ''\n    chroot: ''\n"
        f"    directory: '{home}'\n    pidfile: ''\n    use-syslog: no\n    do-not-query-localhost: no\n    do-ip6: no\n"
        "    local-zone: 'test.' nodefault\n    module-config: 'validator iterator'\n    ede: yes\n    num-threads: 1\n"
        f"    val-log-level: 2\n{trust}{options}remote-control:\n    control-enable: no\n"
        + "".join(
            f"stub-zone:\n    name: {zone}\n    stub-addr: {address}@{port}\n    stub-prime: no\n"
            for zone, address in ({"vendor.test.": "127.61.2.1"} | (stubs or {ZONE: SERVER})).items()
        )
    )
    return Daemon(["unbound", "-d", "-p", "-c", str(conf)], home / "log", speaks(address, port, ZONE))
