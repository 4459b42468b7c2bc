"""Connect to every address of an endpoint: handshake with SNI = the host, then the sender's safe probe."""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
import time
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from infra.verify.canaries import hiding, without_recipient
from infra.verify.marks import Probe
from infra.verify.observations import Resolved, Vantage
from infra.verify.observations_edge import (
    Certificate,
    EndpointObservation,
    HttpObservation,
    Outcome,
    ParentObservation,
    TlsObservation,
)
from infra.verify.observe import http1
from infra.verify.observe.beyond import ask_files
from infra.verify.observe.certificates import (
    OTHER_KIND,
    open_context,
    served_chain,
    verified_path,
    verifying_context,
)
from infra.verify.observe.farewell import farewell
from infra.verify.observe.reason import reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from infra.expectations.model import EndpointExpectation
    from infra.verify.observe.dns_walk import Walker
    from infra.verify.observe.reached import Reached
    from infra.verify.port import Port

# An edge has two to eight addresses; a hostile answer may hold thousands.
MAX_ADDRESSES = 16
# At a time, of up to three connections each: with those of DNS they stay below the usual limit of 1,024 open files.
ADDRESSES = 100
MAX_PARENTS = 4
_ROOT = Probe("HEAD", "/")
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class EdgeObserver:
    """Probes endpoints at every address they have.

    Args:
        walker: finds the addresses.
        port: connects.
    """

    def __init__(self, walker: Walker, port: Port) -> None:
        self._walker, self._port = walker, port
        self._asked_parents: dict[str, asyncio.Future[ParentObservation]] = {}
        self._connections = asyncio.Semaphore(ADDRESSES)

    async def prepare(self, endpoints: Sequence[EndpointExpectation]) -> None:
        """Ask together for the addresses of all of them."""
        wanted = [(_target_of(item), kind) for item in endpoints for kind in ("A", "AAAA") if not _is_address(item)]
        await self._walker.prepare(
            [*wanted, *((f"{item.host}.", "HTTPS") for item in endpoints if links_are_http(item))]
        )

    async def observe(self, endpoint: EndpointExpectation, probe: Probe | None) -> EndpointObservation:
        """Probe one endpoint.

        Args:
            endpoint: what is expected.
            probe: the request that leaves no event; None to stop after the handshake.
        """
        probe = hiding(endpoint, probe) if probe else None
        resolved, found = await self._addresses(endpoint)
        addresses = tuple(address for address in found if _family(address) in endpoint.families)[:MAX_ADDRESSES]
        missing = tuple(
            family for family in endpoint.families if not any(_family(address) == family for address in addresses)
        )
        literal = resolved is None
        seen = EndpointObservation(
            resolved,
            addresses,
            missing_families=() if literal else missing,
            optional_addresses=tuple(address for address in found if _family(address) not in endpoint.families),
        )
        *_, https_record, owner = await asyncio.gather(
            *(self._address(endpoint, probe, address, seen) for address in addresses),
            self._https_record(endpoint),
            self._owner(endpoint),
        )
        parents = {name: await self._parent(name) for name in self._parents_of(endpoint)}
        return replace(seen, https_record=https_record, owner=owner, parents=parents)

    async def _https_record(self, endpoint: EndpointExpectation) -> Resolved | None:
        """What makes a browser turn http:// into https:// before it asks (RFC 9460 §9.5); the CNAME is followed to its end."""
        if not links_are_http(endpoint):
            return None
        return await self._walker.resolve(f"{endpoint.host}.", "HTTPS")

    async def _owner(self, endpoint: EndpointExpectation) -> Resolved | None:
        name = f"_linkproof.{endpoint.host}."
        return await self._walker.resolve(name, "TXT") if endpoint.nonce is not None and len(name) < 254 else None

    def _parents_of(self, endpoint: EndpointExpectation) -> tuple[str, ...]:
        return endpoint.hsts_parents[:MAX_PARENTS] if links_are_http(endpoint) else ()

    async def _parent(self, name: str) -> ParentObservation:
        """HEAD of the root of a zone above, once in a run; no redirect is followed, for HSTS counts on any answer (RFC 6797 §8.1)."""
        host = name.lower().rstrip(".")
        if host not in self._asked_parents:
            self._asked_parents[host] = asyncio.ensure_future(self._ask_parent(host))
        return await asyncio.shield(self._asked_parents[host])

    async def _ask_parent(self, host: str) -> ParentObservation:
        resolved = await self._walker.resolve(f"{host}.", "A")
        address = next((record.value for record in resolved.records if record.type == "A"), None)
        if address is None:
            return ParentObservation(resolved)
        async with self._connections:
            tls, answer = await self._port.tls(host, address, _ROOT)
        return ParentObservation(resolved, tls, answer)

    async def _addresses(self, endpoint: EndpointExpectation) -> tuple[Resolved | None, tuple[str, ...]]:
        if _is_address(endpoint):
            return None, (str(ipaddress.ip_address(endpoint.connect or "")),)
        name = _target_of(endpoint)
        first = await self._walker.resolve(name, "A")
        second = await self._walker.resolve(name, "AAAA")
        found = tuple(dict.fromkeys(record.value for resolved in (first, second) for record in resolved.records))
        # what a required family lacks is reported from the answer that decided about it
        best = first if first.status != "missing" or second.status == "missing" else second
        return best, found

    async def _address(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        async with self._connections:
            await asyncio.gather(
                self._address_tls(endpoint, probe, address, seen), self._address_http(endpoint, probe, address, seen)
            )
            seen.files.update(await ask_files(self._port, endpoint, address))

    async def _address_tls(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        if endpoint.https != "off":
            seen.tls[address], https = await self._port.tls(endpoint.host, address, probe)
            if https is not None:
                seen.https[address] = https

    async def _address_http(
        self, endpoint: EndpointExpectation, probe: Probe | None, address: str, seen: EndpointObservation
    ) -> None:
        if endpoint.http != "off" and probe is not None:
            seen.http[address] = await self._port.http(endpoint.host, address, probe)


class EdgeClient:
    """Connects to one address at a time.

    Args:
        verifying: context that demands a path to a trust anchor.
        ca: the trust anchors it knows beside the system's.
        timeout_seconds: for a connection with its handshake, and again for an answer.
    """

    def __init__(
        self,
        verifying: ssl.SSLContext,
        *,
        http_port: int,
        https_port: int,
        timeout_seconds: float,
        reached: Reached,
        ca: Path | None = None,
    ) -> None:
        self._open = open_context()
        self._ca = ca
        self._of_kind: dict[str, tuple[ssl.SSLContext, ssl.SSLContext]] = {}
        self._verifying = verifying
        self._http_port = http_port
        self._https_port = https_port
        self._timeout_seconds = timeout_seconds
        self._reached = reached
        self._ending: set[asyncio.Task[None]] = set()

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        vantage = Vantage("edge", host, address, "tls")
        shaken = await self._shake(host, address, self._verifying, self._open)
        if shaken.streams is None:
            return TlsObservation(vantage, shaken.outcome, shaken.detail), None
        self._reached.add("tls", address)
        try:
            seen = _seen(vantage, shaken)
            other, https = await asyncio.gather(
                self._other(host, address, seen.served),
                self._request(*shaken.streams, host, address, probe, "https") if probe else _nothing(),
            )
        finally:
            self._end(shaken.streams[1])
        return replace(seen, other=other), https

    async def _other(self, host: str, address: str, served: tuple[Certificate, ...]) -> TlsObservation | None:
        """A handshake that takes only the other kind of certificate; most servers have one kind, and end it."""
        kind = OTHER_KIND.get(served[0].key_type) if served else None
        if kind is None:
            return None
        if kind not in self._of_kind:
            self._of_kind[kind] = verifying_context(self._ca, kind), open_context(kind)
        shaken = await self._shake(host, address, *self._of_kind[kind])
        if shaken.streams is None:
            return None
        seen = _seen(Vantage("edge", host, address, "tls"), shaken)
        self._end(shaken.streams[1])
        return replace(seen, seconds=None) if seen.served and seen.served[0].key_type == kind else None

    async def _shake(self, host: str, address: str, verifying: ssl.SSLContext, opened: ssl.SSLContext) -> _Shaken:
        """A handshake that verifies; only where there is no path to a trust anchor a second one, that takes whatever is there."""
        started, code, message = time.monotonic(), 0, ""
        try:
            outcome, detail, streams = await self._connect(address, self._https_port, verifying, host)
        except ssl.SSLCertVerificationError as error:
            # its code tells what is wrong with the path
            started, code, message = time.monotonic(), error.verify_code, error.verify_message
            outcome, detail, streams = await self._connect(address, self._https_port, opened, host)
        return _Shaken(outcome, detail, streams, code, message, time.monotonic() - started)

    def _end(self, writer: asyncio.StreamWriter) -> None:
        """All that was wanted has come: nobody who probes waits for the other side's farewell, which takes a round trip."""
        task = asyncio.ensure_future(farewell(writer))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def close(self) -> None:
        """Wait until every connection has really ended: a loop that is closed before cannot end them any more."""
        while self._ending:
            await asyncio.gather(*self._ending)

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        outcome, detail, streams = await self._connect(address, self._http_port, None, host)
        if streams is None:
            return HttpObservation(
                Vantage("edge", host, address, "http"), outcome, f"http://{host}{probe.public_path}", detail
            )
        self._reached.add("http", address)
        try:
            return await self._request(*streams, host, address, probe, "http")
        finally:
            self._end(streams[1])

    async def _connect(
        self, address: str, port: int, context: ssl.SSLContext | None, host: str
    ) -> tuple[Outcome, str, Streams | None]:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                streams = await asyncio.open_connection(
                    address, port, ssl=context, server_hostname=host if context else None, limit=http1.MAX_HEADER_OCTETS
                )
        except TimeoutError:
            return "timeout", "no connection in time", None
        except ssl.SSLCertVerificationError:
            raise
        except (ssl.SSLError, EOFError) as error:
            return "failed", getattr(error, "reason", None) or str(error) or "the connection was closed", None
        except ConnectionRefusedError as error:
            return "refused", reason_of(error), None
        except ConnectionError as error:
            # the port took the connection and then ended it
            return "failed", reason_of(error), None
        except OSError as error:
            return "unreachable", reason_of(error), None
        return "answered", "", streams

    async def _request(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        host: str,
        address: str,
        probe: Probe,
        scheme: str,
    ) -> HttpObservation:
        vantage = Vantage("edge", host, address, "https" if scheme == "https" else "http")
        url = f"{scheme}://{host}{probe.public_path}"
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                status, headers, body = await http1.exchange(reader, writer, host, probe)
        except TimeoutError:
            return HttpObservation(vantage, "timeout", url, "no complete answer in time")
        except http1.MalformedAnswerError as error:
            return HttpObservation(vantage, "failed", url, str(error))
        except (OSError, EOFError):
            # nothing serves here, whoever took the connection
            return HttpObservation(vantage, "refused", url, "the connection was closed without an answer")
        seen = HttpObservation(vantage, "answered", url, "", status, headers, body, time.monotonic() - started)
        return without_recipient(seen, probe)


class _Shaken(NamedTuple):
    """How a handshake ended.

    Args:
        code: of the path, as OpenSSL numbers it.
    """

    outcome: Outcome
    detail: str
    streams: Streams | None
    code: int
    message: str
    seconds: float


def _seen(vantage: Vantage, shaken: _Shaken) -> TlsObservation:
    assert shaken.streams is not None
    connection = shaken.streams[1].get_extra_info("ssl_object")
    version = connection.version() or ""
    try:
        served = served_chain(connection)
        path = () if shaken.code else verified_path(connection)
    except ValueError as error:
        detail = f"a certificate that cannot be read: {error}"
        return TlsObservation(vantage, "failed", detail, version, seconds=shaken.seconds)
    return TlsObservation(vantage, "answered", "", version, served, path, shaken.code, shaken.message, shaken.seconds)


async def _nothing() -> None:
    return None


def links_are_http(endpoint: EndpointExpectation) -> bool:
    """Before `live` the sender writes http:// and the host stands at the sender, whose certificate does not fit."""
    return endpoint.phase in {"branded", "ready"} and endpoint.connect is None and endpoint.http != "off"


def _target_of(endpoint: EndpointExpectation) -> str:
    return f"{(endpoint.connect or endpoint.host).lower().rstrip('.')}."


def _is_address(endpoint: EndpointExpectation) -> bool:
    try:
        ipaddress.ip_address(endpoint.connect or "")
    except ValueError:
        return False
    return True


def _family(address: str) -> int:
    return 6 if ":" in address else 4
