"""Real name servers on loopback: knot with its own signing and rate limits, unbound as a validating resolver."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import dns.exception
import dns.message
import dns.query

from tests import parts

SERVER = "127.61.3.9"
SECOND = "127.61.3.8"
RESOLVER = "127.61.53.9"
ZONE = "example.test."
LINES = """
$ORIGIN example.test.
$TTL 300
@ SOA ns.example.test. host.example.test. 1 900 300 86400 60
@ NS ns.example.test.
ns A 127.61.3.9
url CNAME edge.vendor.test.
"""


def need(*programs: str) -> None:
    parts.need("knot unbound nsd", *programs)


class Program:
    """A name server in the foreground, ended by its own process."""

    def __init__(self, arguments: list[str], address: str, port: int, log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(arguments, stdout=self._log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + 15
        query = dns.message.make_query(ZONE, "SOA")
        while True:
            try:
                answer = dns.query.udp(query, address, port=port, timeout=0.3)
            except (OSError, dns.exception.DNSException):
                answer = None
            if answer is not None and answer.answer:
                return
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(log.read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def knot(folder: Path, port: int, zone_text: str = LINES, *, signing: bool = False, rate_limit: int = 0) -> Program:
    """knotd for the zone.

    Args:
        signing: it makes keys and signs by itself.
        rate_limit: answers per second to one network, dropped beyond it (no slip); 0 for no limit.
    """
    need("knotd")
    home = folder / "knot"
    home.mkdir()
    (home / "zone").write_text(zone_text)
    limits = f"mod-rrl:\n  - id: limit\n    rate-limit: {rate_limit}\n    slip: 0\n" if rate_limit else ""
    conf = home / "knot.conf"
    conf.write_text(
        f"server:\n    rundir: {home}\n    listen: {SERVER}@{port}\n    udp-workers: 1\n    tcp-workers: 1\n"
        f"    background-workers: 1\nlog:\n  - target: stdout\n    any: info\ndatabase:\n    storage: {home}\n{limits}"
        f"template:\n  - id: default\n    storage: {home}\n"
        f"{'    global-module: mod-rrl/limit' if rate_limit else ''}\n"
        f"zone:\n  - domain: {ZONE}\n    file: {home / 'zone'}\n"
        f"    zonefile-sync: -1\n    dnssec-signing: {'on' if signing else 'off'}\n"
    )
    return Program(["knotd", "-c", str(conf)], SERVER, port, home / "log")


def nsd(folder: Path, port: int, zone_text: str) -> Program:
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
    return Program(["nsd", "-d", "-c", str(conf)], SECOND, port, home / "log")


def knot_ds(folder: Path) -> list[str]:
    """The DS that the parent must have, as keymgr gives it (digest type 2)."""
    need("keymgr")
    run = subprocess.run(
        ["keymgr", "-c", str(folder / "knot" / "knot.conf"), ZONE, "ds"],
        check=True, capture_output=True, text=True, timeout=20,
    )  # fmt: skip
    found = [line.split(None, 2)[2].removeprefix("DS ") for line in run.stdout.splitlines() if " DS " in line]
    return [value for value in found if value.split()[2] == "2"]


def unbound(folder: Path, port: int, ds: list[str], *, access: str = "allow") -> Program:
    """unbound, which trusts the zone's DS and finds the zones at the tests' addresses.

    Args:
        access: `allow` refuses questions without RD, `allow_snoop` answers them from the cache.
    """
    need("unbound")
    home = folder / "unbound"
    home.mkdir()
    anchors = "".join(f'    trust-anchor: "{ZONE} DS {value}"\n' for value in ds)
    conf = home / "unbound.conf"
    conf.write_text(
        f"server:\n    interface: {RESOLVER}@{port}\n    access-control: 127.0.0.0/8 {access}\n    username: ''\n    chroot: ''\n"
        f"    directory: '{home}'\n    pidfile: ''\n    use-syslog: no\n    do-not-query-localhost: no\n    do-ip6: no\n"
        f"    local-zone: 'test.' nodefault\n    module-config: 'validator iterator'\n    ede: yes\n    num-threads: 1\n    val-log-level: 2\n{anchors}"
        f"stub-zone:\n    name: {ZONE}\n    stub-addr: {SERVER}@{port}\n    stub-prime: no\n"
        "remote-control:\n    control-enable: no\n"
    )
    query = dns.message.make_query(ZONE, "SOA")
    process = _Unchecked(["unbound", "-d", "-p", "-c", str(conf)], home / "log")
    deadline = time.monotonic() + 15
    while True:
        try:
            dns.query.udp(query, RESOLVER, port=port, timeout=1)
        except (OSError, dns.exception.DNSException):
            if process.ended() or time.monotonic() > deadline:
                process.stop()
                raise AssertionError((home / "log").read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
        else:
            return process


class _Unchecked(Program):
    """Started without waiting for an answer of any kind: a broken zone makes a resolver fail, as it should."""

    def __init__(self, arguments: list[str], log: Path) -> None:
        self._log = log.open("wb")
        self._process = subprocess.Popen(arguments, stdout=self._log, stderr=subprocess.STDOUT)

    def ended(self) -> bool:
        return self._process.poll() is not None
