"""Readers who click without a pause, as a mail's recipients do: through a resolver that keeps answers, by both schemes."""

from __future__ import annotations

import http.client
import itertools
import socket
import ssl
import threading
from types import TracebackType
from typing import Self

import dns.message
import dns.query
import dns.rdatatype
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.store import Store

from tests.engine.sandbox import Sandbox, until

TIMEOUT_SECONDS = 20
READERS = 2


class Clicks:
    """Clicks on SendGrid links of some hosts in turn, until it is left. A click counts when its own destination comes back.

    Attributes:
        lost: by host, what came in place of the destination, one for each click that was lost.
        made: by host, how many clicks ended.
        led_to: by host, how many clicks were led to each address.
    """

    def __init__(self, box: Sandbox, *hosts: str) -> None:
        self._lab, self._hosts = box.lab, hosts
        store = Store(box.lab.database)
        urls = [f"https://example.com/{n}?u={n}" for n in range(16)]
        self._links = {host: [(make_link(store, host, url), url) for url in urls] for host in hosts}
        self._tls = ssl.create_default_context(cafile=str(box.lab.ca_file))
        self._numbers, self._stop = itertools.count(), threading.Event()
        self._readers = [threading.Thread(target=self._read, daemon=True) for _ in range(READERS)]
        self.lost: dict[str, list[str]] = {host: [] for host in hosts}
        self.made = dict.fromkeys(hosts, 0)
        self.led_to: dict[str, dict[str, int]] = {host: {} for host in hosts}

    def __enter__(self) -> Self:
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        for reader in self._readers:
            reader.join(TIMEOUT_SECONDS * 3)

    def more(self, number: int) -> None:
        """Wait until so many more of each host have ended."""
        wanted = {host: made + number for host, made in self.made.items()}
        until(lambda: all(self.made[host] >= least for host, least in wanted.items()), 300)

    def reach(self, host: str, addresses: tuple[str, ...], number: int = 1) -> None:
        """Wait until so many more clicks of a host were led to these addresses."""
        wanted = self._at(host, addresses) + number
        until(lambda: self._at(host, addresses) >= wanted, 420)

    def _at(self, host: str, addresses: tuple[str, ...]) -> int:
        return sum(self.led_to[host].get(address, 0) for address in addresses)

    def _read(self) -> None:
        while not self._stop.is_set():
            number = next(self._numbers)
            host, turn = self._hosts[number % len(self._hosts)], number // len(self._hosts)
            path, url = self._links[host][turn % len(self._links[host])]
            try:
                said = self._click(host, path, "https" if turn % 2 else "http")
            except (OSError, http.client.HTTPException, dns.exception.DNSException) as error:
                said = f"{type(error).__name__}: {error}"
            if said != url:
                self.lost[host].append(said)
            self.made[host] += 1

    def _click(self, host: str, path: str, scheme: str) -> str:
        address = self._resolve(host)
        self.led_to[host][address] = self.led_to[host].get(address, 0) + 1
        port = self._lab.https_port if scheme == "https" else self._lab.http_port
        with socket.create_connection((address, port), TIMEOUT_SECONDS) as plain:
            reader = http.client.HTTPConnection(host, timeout=TIMEOUT_SECONDS)
            reader.sock = self._tls.wrap_socket(plain, server_hostname=host) if scheme == "https" else plain
            reader.request("GET", path, headers={"User-Agent": "reader/1", "Connection": "close"})
            answer = reader.getresponse()
            answer.read()
            return answer.getheader("Location") or f"HTTP {answer.status} of {address} by {scheme}"

    def _resolve(self, host: str) -> str:
        return looked_up(host, self._lab.resolver, self._lab.dns_port)


def looked_up(host: str, resolver: str, port: int) -> str:
    """The first address that a resolver gives.

    Raises:
        OSError: it gives none.
        dns.exception.DNSException: no answer, or none that can be read.
    """
    answer = dns.query.udp(dns.message.make_query(host, "A"), resolver, TIMEOUT_SECONDS, port=port)
    found = [item.to_text() for rrset in answer.answer if rrset.rdtype == dns.rdatatype.A for item in rrset]
    if not found:
        raise OSError(f"no address of {host}: {dns.rcode.to_text(answer.rcode())}")
    return found[0]
