"""Primary servers that take signed dynamic updates, on loopback: knot, BIND and PowerDNS with its SQLite back end, and the lab's."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import dns.flags
import dns.message
import dns.opcode
import dns.update
from linkproof.dns.rfc2136.exchange import Exchange
from linkproof.dns.rfc2136.primary import Primary as PrimaryClient
from linkproof.dns.rfc2136.secret import secret_octets
from linkproof_lab.dns.rfc2136 import facts
from linkproof_lab.dns.rfc2136.api import api
from linkproof_lab.dns.rfc2136.control_plane.primary import Primary as Held
from linkproof_lab.nameservers.wire import NoReply
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store

from tests import parts
from tests.faults.daemon import START_SECONDS, Daemon, serves
from tests.ports import free_port

ZONE = "links.test"
KEY_NAME = "linkproof."
SECRET = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0"
OTHER_SECRET = "b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVy"
TEXT = f"""$ORIGIN {ZONE}.
$TTL 300
@ IN SOA ns.{ZONE}. host.{ZONE}. 1 3600 600 86400 300
@ IN NS ns.{ZONE}.
ns IN A 127.0.0.1
www IN A 192.0.2.7
kept IN CNAME old.edge.example.
"""


@dataclass(frozen=True)
class Primary:
    """A server that may be started.

    Args:
        address: where it listens.
        start: in a folder, at a port.
    """

    address: str
    start: Callable[[Path, int], AbstractContextManager[object]]
    key_name: str = KEY_NAME
    secret: str = SECRET


@dataclass(frozen=True)
class Running:
    """One that is running."""

    address: str
    port: int
    key_name: str
    secret: str

    def client(self, **other: Any) -> PrimaryClient:
        """Its client, with something else than its own key where that is asked for."""
        given = {"key_name": self.key_name, "algorithm": "hmac-sha256", "secret": self.secret, **other}
        secret = secret_octets(given["secret"])
        return PrimaryClient(Exchange(self.address, self.port, given["key_name"], given["algorithm"], secret))


def knot(folder: Path, port: int) -> Daemon:
    parts.need("knot", "knotd")
    (folder / "zone").write_text(TEXT)
    conf = folder / "knot.conf"
    conf.write_text(
        f"server:\n    rundir: {folder}\n    listen: 127.61.5.1@{port}\n    udp-workers: 1\n    tcp-workers: 1\n    background-workers: 1\n"
        f"log:\n  - target: stdout\n    any: info\ndatabase:\n    storage: {folder}\n"
        f"key:\n  - id: {KEY_NAME}\n    algorithm: hmac-sha256\n    secret: {SECRET}\n"
        f"acl:\n  - id: update\n    key: {KEY_NAME}\n    action: [update, transfer]\n"
        f"zone:\n  - domain: {ZONE}\n    file: {folder / 'zone'}\n    storage: {folder}\n    acl: update\n"
    )
    return Daemon(["knotd", "-c", str(conf)], folder / "log", serves("127.61.5.1", port, f"{ZONE}."))


def bind(folder: Path, port: int) -> Daemon:
    parts.need("bind9", "named")
    (folder / "zone").write_text(TEXT)
    conf = folder / "named.conf"
    conf.write_text(
        f'key "{KEY_NAME}" {{ algorithm hmac-sha256; secret "{SECRET}"; }};\n'
        f'options {{ directory "{folder}"; pid-file none; session-keyfile none; lock-file none; managed-keys-directory "{folder}";\n'
        f" port {port}; listen-on {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; interface-interval 0; notify no; recursion no; }};\n"
        "controls { };\n"
        f'zone "{ZONE}" {{ type primary; file "{folder / "zone"}"; allow-update {{ key "{KEY_NAME}"; }};'
        f' allow-transfer {{ key "{KEY_NAME}"; }}; }};\n'
    )
    return Daemon(
        ["named", "-4", "-g", "-n", "1", "-c", str(conf)], folder / "log", serves("127.0.0.1", port, f"{ZONE}.")
    )


def powerdns(folder: Path, port: int) -> Daemon:
    parts.need("pdns-server pdns-backend-sqlite3", "pdns_server", "pdnsutil")
    database = folder / "zones.sqlite3"
    schema = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
    with closing(sqlite3.connect(database)) as made:
        made.executescript(schema.read_text())
    (folder / "zone").write_text(TEXT)
    (folder / "pdns.conf").write_text(
        f"launch=gsqlite3\ngsqlite3-database={database}\nsocket-dir={folder}\nlocal-address=127.61.5.3\nlocal-port={port}\n"
        "security-poll-suffix=\nreceiver-threads=1\ndistributor-threads=1\ndnsupdate=yes\nallow-dnsupdate-from=127.0.0.0/8\n"
    )
    for words in (
        ["load-zone", ZONE, str(folder / "zone")],
        ["set-kind", ZONE, "primary"],
        ["import-tsig-key", KEY_NAME.rstrip("."), "hmac-sha256", SECRET],
        ["set-meta", ZONE, "TSIG-ALLOW-DNSUPDATE", KEY_NAME.rstrip(".")],
        ["set-meta", ZONE, "TSIG-ALLOW-AXFR", KEY_NAME.rstrip(".")],
    ):
        command = ["pdnsutil", f"--config-dir={folder}", *words]
        run = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)
        assert run.returncode == 0, f"{' '.join(command)}\n{run.stdout}{run.stderr}"
    return Daemon(["pdns_server", f"--config-dir={folder}"], folder / "log", serves("127.61.5.3", port, f"{ZONE}."))


@contextmanager
def lab(folder: Path, port: int, *, fault: str = "") -> Iterator[None]:
    """The lab's own model of one, which is held to the same."""
    settings = LabSettings(folder, net=61, dns_port=port)
    store = Store(settings.database)
    store.ensure_zone(ZONE, ZONE, "rfc2136", (("ns.links.test", "127.61.6.1"),))
    store.set_rrsets(
        ZONE, [(f"www.{ZONE}", "A", 300, ("192.0.2.7",)), (f"kept.{ZONE}", "CNAME", 300, ("old.edge.example.",))]
    )
    loop = asyncio.new_event_loop()
    hidden = api(settings, store, ())
    if fault:
        hidden._primary = Odd(store, fault)
    running = loop.create_task(hidden.run())
    thread = Thread(target=loop.run_forever)
    thread.start()
    deadline = time.monotonic() + START_SECONDS
    try:
        while not _listens("127.61.100.7", port):
            assert time.monotonic() < deadline, "it did not start"
        yield
    finally:
        loop.call_soon_threadsafe(running.cancel)
        asyncio.run_coroutine_threadsafe(asyncio.wait([running]), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()
        store.close()


class Odd(Held):
    """The lab's, with one thing wrong."""

    def __init__(self, store: Store, fault: str) -> None:
        super().__init__(store)
        self._fault, self._lost = fault, False

    def _update(self, message: dns.update.UpdateMessage) -> None:
        if self._fault != "says-done":
            super()._update(message)

    def _reply(self, message: dns.message.Message) -> dns.message.Message:
        reply = super()._reply(message)
        if self._fault == "not-its-own":
            reply.flags &= ~dns.flags.AA
        return reply

    def answer(self, packet: bytes) -> bytes | NoReply:
        made = super().answer(packet)
        is_update = (packet[2] >> 3) & 0xF == dns.opcode.UPDATE
        if self._fault == "loses-the-first-answer" and is_update and not self._lost:
            self._lost = True
            return NoReply.HANG_UP
        return made


@contextmanager
def odd(folder: Path, port: int, fault: str) -> Iterator[Running]:
    """A primary that `says-done` of what it leaves out, `loses-the-first-answer` to an update, or is `not-its-own` zone's."""
    with lab(folder, port, fault=fault):
        yield Running("127.61.100.7", port, facts.KEY_NAME, facts.KEY_SECRET)


def _listens(address: str, port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((address, port)) == 0


PRIMARIES = {
    "knot": Primary("127.61.5.1", knot),
    "bind": Primary("127.0.0.1", bind),
    "powerdns": Primary("127.61.5.3", powerdns),
    "lab": Primary("127.61.100.7", lab, facts.KEY_NAME, facts.KEY_SECRET),
}


@contextmanager
def running(name: str, folder: Path) -> Iterator[Running]:
    which = PRIMARIES[name]
    port = free_port(which.address)
    with which.start(folder, port):
        yield Running(which.address, port, which.key_name, which.secret)
