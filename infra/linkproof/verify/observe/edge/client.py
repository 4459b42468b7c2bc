"""Connect to one address of an edge: handshakes, one request, and an end for certain."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from linkproof.verify.marks import Probe
from linkproof.verify.observations.edge import HttpObservation, Outcome, TlsObservation
from linkproof.verify.observations.sent import SentRequest
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe import http1
from linkproof.verify.observe.edge.certificates import (
    OTHER_KIND,
    open_context,
    served_chain,
    verified_path,
    verifying_context,
)
from linkproof.verify.observe.edge.connection import EdgeConnection
from linkproof.verify.observe.error_text import error_text
from linkproof.verify.redaction.recipients import without_recipient

if TYPE_CHECKING:
    from pathlib import Path

    from linkproof.verify.observe.reachability import ReachabilityLog

# OpenSSL: a certificate of the path is not valid yet, or has expired.
_DATES = frozenset({9, 10})
# haproxy tries an origin that refuses four times, a second apart, and says so after 3.0 s: longer than a connection may take here.
_ANSWER_FACTOR = 2


class EdgeClient:
    """Connects to one address at a time.

    Args:
        verifying: context that demands a path to a trust anchor.
        ca: the trust anchors it knows beside the system's.
        timeout_seconds: for a connection with its handshake; an answer has twice as long: an edge first asks its origin.
        sent: is given every request that was answered.
    """

    def __init__(
        self,
        verifying: ssl.SSLContext,
        *,
        http_port: int,
        https_port: int,
        timeout_seconds: float,
        reached: ReachabilityLog,
        ca: Path | None = None,
        sent: list[SentRequest] | None = None,
    ) -> None:
        self._open = open_context()
        self._ca = ca
        self._of_kind: dict[str, tuple[ssl.SSLContext, ssl.SSLContext]] = {}
        self._timeless: dict[ssl.SSLContext, ssl.SSLContext] = {}
        self._verifying = verifying
        self._http_port = http_port
        self._https_port = https_port
        self._timeout_seconds = timeout_seconds
        self._reached = reached
        self._sent = sent if sent is not None else []
        self._open_now: set[EdgeConnection] = set()

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        vantage = Vantage("edge", host, address, "tls")
        shaken = await self._shake(host, address, self._verifying, self._open)
        if shaken.connection is None:
            return TlsObservation(vantage, shaken.outcome, shaken.detail), None
        self._reached.add("tls", address)
        second: asyncio.Task[TlsObservation | None] | None = None
        try:
            seen = _seen(vantage, shaken)
            kind = OTHER_KIND.get(seen.served[0].key_type) if seen.served else None
            if kind is not None:
                second = asyncio.ensure_future(self._other(host, address, kind))
            https = await self._request(shaken.connection, host, address, probe, "https") if probe else None
            self._end(shaken.connection)
            if second is not None and (other := await second) is not None:
                seen = replace(seen, other=other)
        except BaseException:
            if second is not None:
                second.cancel()
            raise
        finally:
            self._end(shaken.connection)
        return seen, https

    async def _other(self, host: str, address: str, kind: str) -> TlsObservation | None:
        """A handshake that takes only the other kind of certificate; most servers have one kind, and end it."""
        if kind not in self._of_kind:
            self._of_kind[kind] = verifying_context(self._ca, kind), open_context(kind)
        shaken = await self._shake(host, address, *self._of_kind[kind])
        if shaken.connection is None:
            return None
        seen = _seen(Vantage("edge", host, address, "tls"), shaken)
        self._end(shaken.connection)
        return replace(seen, seconds=None) if seen.served and seen.served[0].key_type == kind else None

    async def _shake(self, host: str, address: str, verifying: ssl.SSLContext, opened: ssl.SSLContext) -> _Handshake:
        """A handshake that verifies as browsers do; a second one only where it found no path that is valid now.

        What is wrong with dates alone still has a path, which tells whose dates; else the second one takes whatever is there.
        """
        started, code, message = time.monotonic(), 0, ""
        contexts = [verifying, opened]
        while True:
            try:
                outcome, detail, opened_now = await self._connect(address, self._https_port, contexts.pop(0), host)
            except ssl.SSLCertVerificationError as error:
                started = time.monotonic()
                if error.verify_code in _DATES and len(contexts) == 1:
                    contexts.insert(0, self._without_time(verifying))
                else:
                    # its code tells what is wrong with the path
                    code, message = error.verify_code, error.verify_message
            else:
                return _Handshake(outcome, detail, opened_now, code, message, time.monotonic() - started)

    def _without_time(self, verifying: ssl.SSLContext) -> ssl.SSLContext:
        """The same demands without the dates: made when it is first needed, which is hardly ever."""
        if verifying not in self._timeless:
            kind = next((kind for kind, pair in self._of_kind.items() if verifying is pair[0]), "")
            self._timeless[verifying] = verifying_context(self._ca, kind, checks_time=False)
        return self._timeless[verifying]

    def _end(self, connection: EdgeConnection) -> None:
        """All that was wanted has come: nobody who probes waits for the other side to close as well, which takes a round trip."""
        connection.close()
        self._open_now.discard(connection)

    async def close(self) -> None:
        """End what is still open."""
        for connection in list(self._open_now):
            self._end(connection)

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        outcome, detail, connection = await self._connect(address, self._http_port, None, host)
        if connection is None:
            return HttpObservation(
                Vantage("edge", host, address, "http"), outcome, f"http://{host}{probe.public_path}", detail
            )
        self._reached.add("http", address)
        try:
            return await self._request(connection, host, address, probe, "http")
        finally:
            self._end(connection)

    async def _connect(
        self, address: str, port: int, context: ssl.SSLContext | None, host: str
    ) -> tuple[Outcome, str, EdgeConnection | None]:
        connection = None
        try:
            connection = EdgeConnection(address, port, context, host)
            self._open_now.add(connection)
            await connection.open(self._timeout_seconds)
        except BaseException as error:
            if connection is not None:
                self._end(connection)
            if not isinstance(error, (OSError, EOFError)) or isinstance(error, ssl.SSLCertVerificationError):
                raise
            return *_failure(error), None
        return "answered", "", connection

    async def _request(
        self, connection: EdgeConnection, host: str, address: str, probe: Probe, scheme: str
    ) -> HttpObservation:
        probe = probe.sent()
        vantage = Vantage("edge", host, address, "https" if scheme == "https" else "http")
        url = f"{scheme}://{host}{probe.public_path}"
        started, at = time.monotonic(), datetime.now(UTC)
        try:
            reader = connection.take_answers(_ANSWER_FACTOR * self._timeout_seconds)
            status, headers, body = await http1.exchange(reader, connection, host, probe)
        except http1.MalformedAnswerError as error:
            return HttpObservation(vantage, "failed", url, str(error))
        except (OSError, EOFError):
            if connection.is_expired:
                return _late(vantage, url)
            # nothing serves here, whoever took the connection
            return HttpObservation(vantage, "refused", url, "the connection was closed without an answer")
        if connection.is_expired:
            return _late(vantage, url)  # what came of the body is not the whole
        self._sent.append(SentRequest(host, address, at))
        seen = HttpObservation(vantage, "answered", url, "", status, headers, body, time.monotonic() - started)
        return without_recipient(seen, probe)


class _Handshake(NamedTuple):
    """How a handshake ended.

    Args:
        code: of the path, as OpenSSL numbers it.
    """

    outcome: Outcome
    detail: str
    connection: EdgeConnection | None
    code: int
    message: str
    seconds: float


def _seen(vantage: Vantage, shaken: _Handshake) -> TlsObservation:
    assert shaken.connection is not None
    connection = shaken.connection.tls
    assert connection is not None
    version = connection.version() or ""
    try:
        served = served_chain(connection)
        path = () if shaken.code else verified_path(connection)
    except ValueError as error:
        detail = f"a certificate that cannot be read: {error}"
        return TlsObservation(vantage, "failed", detail, version, seconds=shaken.seconds)
    return TlsObservation(vantage, "answered", "", version, served, path, shaken.code, shaken.message, shaken.seconds)


def _late(vantage: Vantage, url: str) -> HttpObservation:
    return HttpObservation(vantage, "timeout", url, "no complete answer in time")


def _failure(error: OSError | EOFError) -> tuple[Outcome, str]:
    """How a connection failed, and in which words."""
    if isinstance(error, TimeoutError):
        return "timeout", "no connection in time"
    if isinstance(error, (ssl.SSLError, EOFError)):
        return "failed", getattr(error, "reason", None) or str(error) or "the connection was closed"
    if isinstance(error, ConnectionRefusedError):
        return "refused", error_text(error)
    if isinstance(error, ConnectionError):
        # the port took the connection and then ended it
        return "failed", error_text(error)
    return "unreachable", error_text(error)
