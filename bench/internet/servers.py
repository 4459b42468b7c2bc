"""The programs of the small internet, each in the foreground and ended by its own process."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Self

import dns.rcode

from bench.internet.namespace import CannotMeasureError, need, write
from tests.faults.daemon import Daemon, ask

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class Program(Daemon):
    """One running program.

    Raises:
        CannotMeasureError: it is not there, or ended at once; the message holds the end of its log.
    """

    failure = CannotMeasureError

    def __init__(self, arguments: Sequence[str], log: Path) -> None:
        need(arguments[0])
        super().__init__(arguments, log)

    def wait_for_zone(self, address: str, name: str) -> Self:
        """Until the address answers for the zone."""
        return self.wait_until(lambda: _answers(address, name), f"{address} does not answer for {name}")

    def wait_for_port(self, address: str, port: int) -> Self:
        """Until the address takes connections."""
        return self.wait_until(lambda: _listens(address, port), f"nothing listens at {address} port {port}")


def _answers(address: str, name: str) -> bool:
    answer = ask(address, 53, name, seconds=0.5, recursive=True)
    return answer is not None and answer.rcode() == dns.rcode.NOERROR


def _listens(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=0.5).close()
    except OSError:
        return False
    return True


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
