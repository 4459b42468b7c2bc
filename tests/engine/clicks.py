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
    """Clicks on SendGrid links of one host, until it is left. A click counts when its own destination comes back.

    Attributes:
        lost: what came in place of the destination, one for each click that was lost.
        servers: how many clicks each `Server` answered.
    """

    def __init__(self, box: Sandbox, host: str) -> None:
        self._lab, self._host = box.lab, host
        store = Store(box.lab.database)
        self._links = [
            (make_link(store, host, url), url) for url in (f"https://example.com/{n}?u={n}" for n in range(16))
        ]
        self._tls = ssl.create_default_context(cafile=str(box.lab.ca_file))
        self._numbers, self._stop = itertools.count(), threading.Event()
        self._readers = [threading.Thread(target=self._read, daemon=True) for _ in range(READERS)]
        self.lost: list[str] = []
        self.addresses: dict[str, int] = {}
        self.made = 0

    def __enter__(self) -> Self:
        for reader in self._readers:
            reader.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        for reader in self._readers:
            reader.join(TIMEOUT_SECONDS * 3)

    def more(self, number: int) -> None:
        """Wait until so many more were made."""
        wanted = self.made + number
        until(lambda: self.made >= wanted, 120)

    def reach(self, addresses: tuple[str, ...]) -> None:
        """Wait until a click was led to one of these."""
        before = {address: self.addresses.get(address, 0) for address in addresses}
        until(lambda: any(self.addresses.get(one, 0) > number for one, number in before.items()), 120)

    def _read(self) -> None:
        while not self._stop.is_set():
            number = next(self._numbers)
            path, url = self._links[number % len(self._links)]
            try:
                said = self._click(path, "https" if number % 2 else "http")
            except (OSError, http.client.HTTPException, dns.exception.DNSException) as error:
                said = f"{type(error).__name__}: {error}"
            if said != url:
                self.lost.append(said)
            self.made += 1

    def _click(self, path: str, scheme: str) -> str:
        address = self._resolve()
        self.addresses[address] = self.addresses.get(address, 0) + 1
        port = self._lab.https_port if scheme == "https" else self._lab.http_port
        with socket.create_connection((address, port), TIMEOUT_SECONDS) as plain:
            reader = http.client.HTTPConnection(self._host, timeout=TIMEOUT_SECONDS)
            reader.sock = self._tls.wrap_socket(plain, server_hostname=self._host) if scheme == "https" else plain
            reader.request("GET", path, headers={"User-Agent": "reader/1", "Connection": "close"})
            answer = reader.getresponse()
            answer.read()
            return answer.getheader("Location") or f"HTTP {answer.status} of {address} by {scheme}"

    def _resolve(self) -> str:
        question = dns.message.make_query(self._host, "A")
        answer = dns.query.udp(question, self._lab.resolver, TIMEOUT_SECONDS, port=self._lab.dns_port)
        found = [item.to_text() for rrset in answer.answer if rrset.rdtype == dns.rdatatype.A for item in rrset]
        if not found:
            raise OSError(f"no address of {self._host}: {dns.rcode.to_text(answer.rcode())}")
        return found[0]
