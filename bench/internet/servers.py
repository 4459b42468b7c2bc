"""The programs of the small internet, each in the foreground and ended by its own process."""

from __future__ import annotations

import socket
import subprocess
import time
from typing import TYPE_CHECKING, Self

import dns.exception
import dns.message
import dns.query
import dns.rcode

from bench.internet.namespace import CannotMeasureError, need, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PATIENCE_SECONDS = 30.0


class Program:
    """One running program.

    Raises:
        CannotMeasureError: it ended at once; the message holds the end of its log.
    """

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        need(arguments[0])
        self._log_path = log
        self._log = log.open("wb")
        self._process = subprocess.Popen(
            arguments, stdout=self._log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )

    def wait_for_zone(self, address: str, name: str) -> Self:
        """Until the address answers for the zone."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        query = dns.message.make_query(name, "SOA")
        while True:
            try:
                if dns.query.udp(query, address, timeout=0.5).rcode() == dns.rcode.NOERROR:
                    return self
            except (OSError, dns.exception.DNSException):
                pass
            self._check(deadline, f"{address} does not answer for {name}")
            time.sleep(0.05)

    def wait_for_port(self, address: str, port: int) -> Self:
        """Until the address takes connections."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection((address, port), timeout=0.5).close()
            except OSError:
                self._check(deadline, f"nothing listens at {address} port {port}")
                time.sleep(0.05)
            else:
                return self

    def _check(self, deadline: float, what: str) -> None:
        ended = self._process.poll()
        if ended is None and time.monotonic() < deadline:
            return
        self.stop()
        tail = self._log_path.read_text(errors="replace")[-1500:]
        raise CannotMeasureError(f"{what}; {self._process.args!r} said (exit {ended}):\n{tail}")

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def knot(home: Path, addresses: Sequence[str], zones: Mapping[str, str]) -> Program:
    """knotd with one UDP worker; it serves every zone at every address."""
    for name, text in zones.items():
        write(home / f"{name}zone", text)
    conf = write(
        home / "knot.conf",
        f"server:\n    rundir: {home}\n    listen: [{', '.join(f'{address}@53' for address in addresses)}]\n"
        "    udp-workers: 1\n    tcp-workers: 2\n    background-workers: 1\n"
        f"log:\n  - target: stdout\n    any: warning\ndatabase:\n    storage: {home}\n"
        f"template:\n  - id: default\n    storage: {home}\n    zonefile-sync: -1\n    journal-content: none\nzone:\n"
        + "".join(f"  - domain: {name}\n    file: {home / f'{name}zone'}\n" for name in zones),
    )
    return Program(["knotd", "-c", str(conf)], home / "log")


def unbound(home: Path, addresses: Sequence[str], hints: str) -> Program:
    """A plain caching resolver that starts at our own roots."""
    write(home / "hints", hints)
    interfaces = "".join(f"    interface: {address}\n" for address in addresses)
    conf = write(
        home / "unbound.conf",
        f"server:\n{interfaces}    access-control: 0.0.0.0/0 allow\n    username: ''\n    chroot: ''\n"
        f"    directory: '{home}'\n    pidfile: ''\n    use-syslog: no\n    do-not-query-localhost: no\n    do-ip6: no\n"
        f"    root-hints: '{home / 'hints'}'\n    module-config: 'iterator'\n    num-threads: 1\n"
        "    num-queries-per-thread: 4096\n    outgoing-range: 8192\n    so-rcvbuf: 4m\n    qname-minimisation: no\n"
        "    msg-cache-size: 64m\n    rrset-cache-size: 128m\n"
        "    local-zone: 'test.' nodefault\nremote-control:\n    control-enable: no\n",
    )
    return Program(["unbound", "-d", "-c", str(conf)], home / "log")
