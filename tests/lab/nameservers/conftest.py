"""A lab's DNS alone, on a net and a port of its own, with clocks that tests move."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.name
import dns.query
import dns.rdatatype
import pytest
from linkproof_lab import nameservers as lab_dns
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.world import CustomerZone, seed

from tests.ports import free_port

CUSTOMER_ZONES = [
    CustomerZone("Z1", "example.com", "route53", {"minimum": 120, "ttl": 900}),
    CustomerZone("c2", "example.co.jp", "cloudflare"),
    CustomerZone("manual", "example.org", "manual"),
    CustomerZone("child", "child.example.com", "manual"),
]


class Lab:
    """Runs the DNS part in a thread's event loop; tests ask with blocking sockets."""

    def __init__(self, settings: LabSettings) -> None:
        self.settings = settings
        self.store = Store(settings.database)
        seed(self.store, settings, CUSTOMER_ZONES)
        self.ahead_seconds = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self.part = self._run(
            lab_dns.start(
                settings,
                self.store,
                clock=lambda: time.time() + self.ahead_seconds,
                resolver_clock=lambda: self.ahead_seconds,  # stands still unless a test moves it
            )
        )

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def close(self) -> None:
        self._run(self.part.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self.store.close()

    def publish(self, zone_id: str, *rrsets: tuple) -> None:
        self.store.set_rrsets(zone_id, [(name, rtype, ttl, tuple(data)) for name, rtype, ttl, *data in rrsets])

    def fault(self, **doc) -> None:
        self.store.put("dns-fault", f"fault-{len(self.store.all('dns-fault'))}", doc)

    def ask(
        self, server: str, name: str, rtype: str = "A", *, edns: bool = True, tcp: bool = False, timeout: float = 5.0
    ) -> dns.message.Message:
        query = dns.message.make_query(name, rtype, use_edns=0 if edns else False, payload=1232)
        if server != self.settings.resolver:
            query.flags &= ~dns.flags.RD
        over = dns.query.tcp if tcp else dns.query.udp
        return over(query, server, timeout=timeout, port=self.settings.dns_port, one_rr_per_rrset=True)

    def silent(self, server: str, name: str, rtype: str = "A", **how) -> bool:
        """Whether no answer came; that it is a real silence and no slow machine is for the caller to contrast."""
        try:
            self.ask(server, name, rtype, timeout=0.4, **how)
        except dns.exception.Timeout:
            return True
        return False


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    settings = LabSettings(tmp_path, net=71, dns_port=free_port("127.71.0.1", "::1"))
    running = Lab(settings)
    yield running
    running.close()


@pytest.fixture
def answers():
    """The records of a section as `name TYPE data`, sorted, without TTL."""

    def of(section) -> list[str]:
        return sorted(
            f"{rrset.name} {dns.rdatatype.to_text(rrset.rdtype)} {record.to_text()}"
            for rrset in section
            for record in rrset
        )

    return of
