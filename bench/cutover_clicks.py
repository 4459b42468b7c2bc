"""Readers behind several resolvers, who click by both schemes, on new connections and on kept ones, and say what became of each click."""

from __future__ import annotations

import http.client
import itertools
import random
import secrets
import ssl
import threading
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import dns.exception
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from bench.cutover_resolvers import ADDRESS, Resolver
from tests.engine.clicks import TIMEOUT_SECONDS, looked_up
from tests.engine.sandbox import until

READERS = 4
PAGES = 8  # of each host
KEPT_SECONDS = 10.0  # how long a reader uses one connection
MOST_SECONDS = 3600  # for the clicks of one step
OK, LOST, MISROUTED, CERTIFICATE, CACHED, TWICE = (
    "ok", "lost", "misrouted", "wrong certificate", "cached for another", "counted twice",
)  # fmt: skip
BAD = (LOST, MISROUTED, CERTIFICATE, CACHED, TWICE)


@dataclass(frozen=True, slots=True)
class Click:
    """One that has ended.

    Args:
        said: what came in place of the destination; empty where that came.
    """

    number: int
    resolver: str
    host: str
    scheme: str
    outcome: str
    said: str = ""


@dataclass(slots=True)
class _Kept:
    connection: http.client.HTTPConnection
    address: str
    since: float = field(default_factory=time.monotonic)


class Readers:
    """They click some hosts all the time while they are entered, and others once on demand.

    Args:
        pause_seconds: of each reader between two clicks.

    Attributes:
        ended: all clicks, in the order of their end.
    """

    def __init__(
        self,
        lab: LabSettings,
        resolvers: Sequence[Resolver],
        busy: Sequence[str],
        rare: Sequence[str],
        pause_seconds: float = 0.0,
    ) -> None:
        self._lab, self._resolvers, self._busy, self._rare = lab, resolvers, busy, rare
        store = Store(lab.database)
        urls = {host: [f"https://example.com/{host}/{n}" for n in range(PAGES)] for host in (*busy, *rare)}
        self._links = {host: [(make_link(store, host, url), url) for url in urls[host]] for host in urls}
        self._urls = {url for of_host in urls.values() for url in of_host}
        self._tls = ssl.create_default_context(cafile=str(lab.ca_file))
        self._numbers, self._stop = itertools.count(), threading.Event()
        self._name, self._pause_seconds = secrets.token_hex(4), pause_seconds
        self._threads = [threading.Thread(target=self._read, args=(n,), daemon=True) for n in range(READERS)]
        self._secured: frozenset[str] = frozenset()
        self.ended: list[Click] = []

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(TIMEOUT_SECONDS * 3)

    def https_for(self, hosts: Iterable[str]) -> None:
        """Mail with https is out for these hosts, so half of their clicks are https from now on; for all others none is."""
        self._secured = frozenset(hosts)

    def more(self, number: int) -> None:
        """Wait until so many more clicks have ended."""
        self.reach(len(self.ended) + number)

    def reach(self, number: int) -> None:
        """Wait until so many clicks have ended in all."""
        until(lambda: len(self.ended) >= number, MOST_SECONDS)

    def once(self) -> None:
        """Click every rare host once through every resolver, on a new connection."""
        for host, resolver in itertools.product(self._rare, self._resolvers):
            self._one(resolver, host, self._scheme(host), None)

    def settled(self) -> list[Click]:
        """All clicks, after the origin's own log was read: what it never saw came from a cache, and what it saw more than once was counted so."""
        counted = Counter(str(line["user_agent"]) for line in read_clicks(self._lab) if line["event"] == "click")
        return [_counted(click, counted[self._agent(click.number)]) for click in self.ended]

    def _agent(self, number: int) -> str:
        """Another one for each click of each run, by which the sender's log tells them apart."""
        return f"reader/{self._name}-{number}"

    def _scheme(self, host: str) -> str:
        return random.choice(("http", "https")) if host in self._secured else "http"

    def _read(self, reader: int) -> None:
        kept: dict[tuple[str, str, str], _Kept] = {}
        pairs = itertools.cycle(itertools.product(self._busy, self._resolvers))
        for host, resolver in itertools.islice(pairs, reader * 7, None):
            if self._stop.wait(self._pause_seconds):
                break
            self._one(resolver, host, self._scheme(host), kept if random.random() < 0.5 else None)
        for one in kept.values():
            one.connection.close()

    def _one(self, resolver: Resolver, host: str, scheme: str, kept: dict[tuple[str, str, str], _Kept] | None) -> None:
        number = next(self._numbers)
        path, url = self._links[host][number % PAGES]
        try:
            outcome, said = self._judge(url, *self._click(resolver, host, scheme, path, number, kept))
        except ssl.SSLCertVerificationError as error:
            outcome, said = CERTIFICATE, error.verify_message
        except (OSError, http.client.HTTPException, dns.exception.DNSException) as error:
            outcome, said = LOST, f"{type(error).__name__}: {error}"
        self.ended.append(Click(number, resolver.name, host, scheme, outcome, said))

    def _judge(self, url: str, status: int, location: str, at: str) -> tuple[str, str]:
        if location == url:
            return OK, ""
        if location in self._urls:
            return CACHED, f"{location} in place of {url}, {at}"
        # a page of the sender's that knows neither host nor link is an answer to somebody else's question
        return (MISROUTED if location or status in (200, 404) else LOST), f"HTTP {status} {location}, {at}"

    def _click(
        self,
        resolver: Resolver,
        host: str,
        scheme: str,
        path: str,
        number: int,
        kept: dict[tuple[str, str, str], _Kept] | None,
    ) -> tuple[int, str, str]:
        """Status, Location, and who gave them."""
        key = (resolver.name, host, scheme)
        old = kept.pop(key, None) if kept is not None else None
        if old is not None and time.monotonic() - old.since < KEPT_SECONDS:
            try:
                answer = self._ask(old.connection, path, number, keep=True)
            except (http.client.RemoteDisconnected, ConnectionError):
                old.connection.close()  # closed while it was idle: every client asks again on a new one (RFC 9110 §9.3.1)
            else:
                assert kept is not None
                kept[key] = old
                return (*answer, f"kept to {old.address}")
        elif old is not None:
            old.connection.close()
        address = looked_up(host, ADDRESS, resolver.port)
        connection = _To(host, address, self._lab, self._tls if scheme == "https" else None)
        try:
            answer = self._ask(connection, path, number, keep=kept is not None)
        except BaseException:
            connection.close()
            raise
        if kept is None:
            connection.close()
        else:
            kept[key] = _Kept(connection, address)
        return (*answer, address)

    def _ask(self, connection: http.client.HTTPConnection, path: str, number: int, *, keep: bool) -> tuple[int, str]:
        connection.request(
            "GET", path, headers={"User-Agent": self._agent(number), "Connection": "keep-alive" if keep else "close"}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""


class _To(http.client.HTTPConnection):
    """To an address that a resolver gave, with the host's own name."""

    auto_open = 0  # a kept connection that has ended is seen, and not opened anew unseen

    def __init__(self, host: str, address: str, lab: LabSettings, tls: ssl.SSLContext | None) -> None:
        super().__init__(address, lab.https_port if tls else lab.http_port, timeout=TIMEOUT_SECONDS)
        self._name, self._tls = host, tls
        self.connect()

    def connect(self) -> None:
        super().connect()
        if self._tls is not None:
            try:
                self.sock = self._tls.wrap_socket(self.sock, server_hostname=self._name)
            except BaseException:
                self.close()
                raise

    def putheader(self, header: str | bytes, *values: str | bytes | int) -> None:  # type: ignore[override]
        name = header.decode() if isinstance(header, bytes) else header
        super().putheader(header, *((self._name,) if name.lower() == "host" else values))


def _counted(click: Click, times: int) -> Click:
    if click.outcome != OK or times == 1:
        return click
    outcome, said = (CACHED, "the sender never saw it") if times == 0 else (TWICE, f"the sender saw it {times} times")
    return Click(click.number, click.resolver, click.host, click.scheme, outcome, said)
