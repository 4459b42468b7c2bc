"""Connect to every address of an endpoint: handshake with SNI = the host, then the sender's safe probe."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from typing import TYPE_CHECKING

from infra.verify.observations import Resolved, Vantage
from infra.verify.observations_edge import Certificate, EndpointObservation, HttpObservation, Outcome, TlsObservation
from infra.verify.observe import http1
from infra.verify.observe.certificates import open_context, served_chain, verified_path

if TYPE_CHECKING:
    from infra.expectations.model import EndpointExpectation
    from infra.verify.marks import Probe
    from infra.verify.observe.dns_transport import Reached
    from infra.verify.observe.dns_walk import Walker
    from infra.verify.observe.evidence import Evidence

# An edge has two to eight addresses; a hostile answer may hold thousands.
MAX_ADDRESSES = 16
CONNECTIONS = 50


class EdgeObserver:
    """Probes endpoints.

    Args:
        verifying: context that demands a path to a trust anchor.
        timeout_seconds: for a connection with its handshake, and again for an answer.
    """

    def __init__(
        self,
        walker: Walker,
        verifying: ssl.SSLContext,
        *,
        http_port: int,
        https_port: int,
        timeout_seconds: float,
        reached: Reached,
        evidence: Evidence,
    ) -> None:
        self._walker = walker
        self._open = open_context()
        self._verifying = verifying
        self._http_port = http_port
        self._https_port = https_port
        self._timeout_seconds = timeout_seconds
        self._reached = reached
        self._evidence = evidence
        self._connections = asyncio.Semaphore(CONNECTIONS)

    async def observe(self, endpoint: EndpointExpectation, probe: Probe | None) -> EndpointObservation:
        """Probe one endpoint.

        Args:
            endpoint: what is expected.
            probe: the request that leaves no event; None to stop after the handshake.
        """
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
        await asyncio.gather(*(self._address(endpoint, probe, address, seen) for address in addresses))
        return seen

    async def _addresses(self, endpoint: EndpointExpectation) -> tuple[Resolved | None, tuple[str, ...]]:
        where = endpoint.connect or endpoint.host
        with contextlib.suppress(ValueError):
            return None, (str(ipaddress.ip_address(where)),)
        name = f"{where.lower().rstrip('.')}."
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
            if endpoint.https != "off":
                seen.tls[address], https = await self._tls(endpoint.host, address, probe)
                if https is not None:
                    seen.https[address] = https
            if endpoint.http != "off" and probe is not None:
                seen.http[address] = await self._http(endpoint.host, address, probe)

    async def _tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        vantage = Vantage("edge", host, address, "tls")
        outcome, detail, streams = await self._connect(address, self._https_port, self._open, host)
        if streams is None:
            return TlsObservation(vantage, outcome, detail), None
        self._reached.add("tls", address)
        reader, writer = streams
        connection = writer.get_extra_info("ssl_object")
        try:
            try:
                served, unreadable = served_chain(connection), ""
            except ValueError as error:
                served, unreadable = (), f"a certificate that cannot be read: {error}"
            version = connection.version() or ""
            self._evidence.keep(
                "tls", host=host, address=address, version=version, leaf=connection.getpeercert(binary_form=True) or b""
            )
            https = await self._request(reader, writer, host, address, probe, "https") if probe else None
        finally:
            await _close(writer)
        if unreadable:
            return TlsObservation(vantage, "failed", unreadable, version), https
        code, message, path = await self._verify(host, address)
        return TlsObservation(vantage, "answered", "", version, served, path, code, message), https

    async def _verify(self, host: str, address: str) -> tuple[int, str, tuple[Certificate, ...]]:
        """A second handshake that verifies; its error code tells what is wrong with the path."""
        try:
            async with asyncio.timeout(self._timeout_seconds):
                _, writer = await asyncio.open_connection(
                    address, self._https_port, ssl=self._verifying, server_hostname=host
                )
        except ssl.SSLCertVerificationError as error:
            return error.verify_code, error.verify_message, ()
        except (OSError, TimeoutError, EOFError) as error:
            return -1, str(error) or type(error).__name__, ()
        try:
            return 0, "", verified_path(writer.get_extra_info("ssl_object"))
        except ValueError as error:
            return -1, str(error), ()
        finally:
            await _close(writer)

    async def _http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        outcome, detail, streams = await self._connect(address, self._http_port, None, host)
        if streams is None:
            return HttpObservation(
                Vantage("edge", host, address, "http"), outcome, f"http://{host}{probe.path}", detail
            )
        self._reached.add("http", address)
        try:
            return await self._request(*streams, host, address, probe, "http")
        finally:
            await _close(streams[1])

    async def _connect(
        self, address: str, port: int, context: ssl.SSLContext | None, host: str
    ) -> tuple[Outcome, str, tuple[asyncio.StreamReader, asyncio.StreamWriter] | None]:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                streams = await asyncio.open_connection(
                    address, port, ssl=context, server_hostname=host if context else None, limit=http1.MAX_HEADER_OCTETS
                )
        except TimeoutError:
            return "timeout", "no connection in time", None
        except (ssl.SSLError, EOFError) as error:
            return "failed", getattr(error, "reason", None) or str(error) or "the connection was closed", None
        except ConnectionRefusedError as error:
            return "refused", error.strerror or "refused", None
        except ConnectionError as error:
            # the port took the connection and then ended it
            return "failed", error.strerror or str(error) or "the connection was closed", None
        except OSError as error:
            return "unreachable", error.strerror or str(error), None
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
        url = f"{scheme}://{host}{probe.path}"
        try:
            async with asyncio.timeout(self._timeout_seconds):
                status, headers, body = await http1.exchange(reader, writer, probe.method, host, probe.path)
        except TimeoutError:
            return HttpObservation(vantage, "timeout", url, "no complete answer in time")
        except http1.MalformedAnswerError as error:
            return HttpObservation(vantage, "failed", url, str(error))
        except (OSError, EOFError) as error:
            return HttpObservation(vantage, "failed", url, str(error) or "the connection was closed without an answer")
        self._evidence.keep(scheme, url=url, address=address, status=status, headers=list(headers), body=body)
        return HttpObservation(vantage, "answered", url, "", status, headers, body)


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError, EOFError):
        await asyncio.wait_for(writer.wait_closed(), 0.5)


def _family(address: str) -> int:
    return 6 if ":" in address else 4
