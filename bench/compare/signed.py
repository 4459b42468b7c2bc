"""The same internet signed from the root down: zones signed by ldns-signzone, served by knot and nsd."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.compare.world import FIRST, ROOT, SECOND, TLD, VENDOR, ZONE, Internet
from tests.faults.daemon import Daemon, serves
from tests.verify.servers import Content

ALGORITHM = "ECDSAP256SHA256"
Tamper = Callable[[str], str]


class SignedInternet(Internet):
    """Root, `test.` and `example.test.` signed, `vendor.test.` not; example.test by knot at the one address, nsd at the other."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self._running: list[Daemon] = []
        self.signing = True
        self.algorithm: dict[str, list[str]] = {}
        # by zone: days to inception and expiration of signatures, the option of ldns-key2ds for the digest, and more of ldns-signzone
        self.window: dict[str, tuple[float, float]] = {}
        self.digest: dict[str, str] = {}
        self.more: dict[str, list[str]] = {}
        # answers per second to one network from the zone's servers; every second one beyond them is cut short. 0 for no limit
        self.rate_limit = 0
        # the DS that the parent publishes, made from the right ones
        self.ds: dict[str, Callable[[list[str]], list[str]]] = {}
        # what happens to the signed text, by address of the server
        self.tamper: dict[str, Tamper] = {}
        super().__init__(folder, port=port)

    def serve(self) -> None:
        self.loop.serve_dns(self.vendor, VENDOR, self.port)

    def start(self) -> None:
        contents = {ZONE: self.first.zones[ZONE], "test.": self.tld.zones["test."], ".": self.root.zones["."]}
        texts: dict[str, str] = {}
        below, keys = "", []
        for zone, content in contents.items():
            texts[zone], keys, ds = self._sign(zone, zone_text(content) + below)
            below = "".join(f"{zone} 300 IN DS {value}\n" for value in self.ds.get(zone, list)(ds))
        self.anchors = tuple(keys)
        for address, zone in ((ROOT, "."), (TLD, "test."), (FIRST, ZONE), (SECOND, ZONE)):
            text = self.tamper.get(address, str)(texts[zone])
            limit = self.rate_limit if zone == ZONE else 0
            self._running.append(
                (nsd if address == SECOND else knot)(self.folder, address, self.port, zone, text, limit)
            )

    def _sign(self, zone: str, text: str) -> tuple[str, list[str], list[str]]:
        if not self.signing:
            return text, [], []
        home = self.folder / f"zone-{zone.strip('.') or 'root'}"
        home.mkdir()
        (home / "plain").write_text(text)
        options = self.algorithm.get(zone, ["-a", ALGORITHM])
        key = _run(home, "ldns-keygen", "-k", *options, zone).strip()
        start, end = self.window.get(zone, (-1, 30))
        now = datetime.now(UTC)
        dates = [f"{now + timedelta(days=days):%Y%m%d%H%M%S}" for days in (start, end)]
        _run(home, "ldns-signzone", "-i", dates[0], "-e", dates[1], "-o", zone, *self.more.get(zone, []), "-f", "signed", "plain", key)  # fmt: skip
        ds = _run(home, "ldns-key2ds", "-n", self.digest.get(zone, "-2"), f"{key}.key").split("DS", 1)[1].split()
        public = (home / f"{key}.key").read_text().split(";")[0].strip()
        return (home / "signed").read_text(), [public], [" ".join(ds[:3]) + " " + "".join(ds[3:])]

    def __exit__(self, *problem: object) -> None:
        for program in self._running:
            program.stop()
        super().__exit__(*problem)


def zone_text(content: Content) -> str:
    soa_first = sorted(content.items(), key=lambda item: item[0][1] != "SOA")
    return "".join(f"{name} 300 IN {kind} {value}\n" for (name, kind), values in soa_first for value in values)


def _run(home: Path, *command: str) -> str:
    ended = subprocess.run(command, cwd=home, check=False, capture_output=True, text=True, timeout=30)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {ended.returncode}: {ended.stderr[-500:]}")
    return ended.stdout


def _home(folder: Path, address: str, text: str) -> Path:
    home = folder / f"server-{address}"
    home.mkdir()
    (home / "zone").write_text(text)
    return home


def knot(folder: Path, address: str, port: int, zone: str, text: str, limit: int) -> Daemon:
    home = _home(folder, address, text)
    conf = home / "knot.conf"
    module = f"mod-rrl:\n  - id: limit\n    rate-limit: {limit}\n    slip: 2\n" if limit else ""
    conf.write_text(
        f"server:\n    rundir: {home}\n    listen: {address}@{port}\n    udp-workers: 1\n    tcp-workers: 1\n"
        f"    background-workers: 1\nlog:\n  - target: stdout\n    any: info\ndatabase:\n    storage: {home}\n{module}"
        f"zone:\n  - domain: {zone}\n    storage: {home}\n    file: zone\n    zonefile-sync: -1\n    semantic-checks: off\n"
        + ("    module: mod-rrl/limit\n" if limit else "")
    )
    return Daemon(["knotd", "-c", str(conf)], home / "log", serves(address, port, zone))


def nsd(folder: Path, address: str, port: int, zone: str, text: str, limit: int) -> Daemon:
    home = _home(folder, address, text)
    conf = home / "nsd.conf"
    conf.write_text(
        f'server:\n    ip-address: {address}@{port}\n    server-count: 1\n    zonesdir: {home}\n    database: ""\n    username: ""\n'
        f'    chroot: ""\n    pidfile: ""\n    logfile: {home}/nsd.log\n    zonelistfile: {home}/zone.list\n    xfrdfile: {home}/xfrd\n'
        f"    xfrdir: {home}\n    rrl-ratelimit: {limit}\n    rrl-slip: 2\nremote-control:\n    control-enable: no\nzone:\n    name: {zone}\n    zonefile: zone\n"
    )
    return Daemon(["nsd", "-d", "-c", str(conf)], home / "log", serves(address, port, zone))
