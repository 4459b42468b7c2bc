"""One question to one address: UDP with retries, TCP when the answer is cut short, a window for each address."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import dns.exception

from infra.verify.observations import Answer, NoReply, Reachability, Transport, Vantage
from infra.verify.observe.dns_message import Decoded, NotOurAnswerError, Query, decode, make_query

if TYPE_CHECKING:
    import ssl

    from infra.verify.observe.evidence import Evidence

# Above 100 in flight a server's default socket buffer overflows, and each loss costs a whole time-out.
WINDOW = 100
# All sockets together, well below the usual limit of 1,024 open files.
SOCKETS = 400
# RFC 6891 §7: these answers to EDNS mean "ask again without".
_EDNS_REFUSED = frozenset({"FORMERR", "NOTIMP", "BADVERS"})


@dataclass
class Reached:
    """Which addresses answered so far, shared by DNS, TLS and HTTP."""

    answered: set[tuple[Transport, str]] = field(default_factory=set)

    def add(self, transport: Transport, address: str) -> None:
        self.answered.add((transport, address))

    def frozen(self) -> Reachability:
        return Reachability(frozenset(self.answered))


class _Exchange(asyncio.DatagramProtocol):
    """Listens until the packet that answers the query comes; anything else is counted and passed over."""

    def __init__(self, query: Query, vantage: Vantage, started: float) -> None:
        self.done: asyncio.Future[tuple[Decoded, bytes]] = asyncio.get_running_loop().create_future()
        self.ignored_packets = 0
        self._query, self._vantage, self._started = query, vantage, started

    def datagram_received(self, data: bytes, addr: tuple[object, ...]) -> None:  # noqa: ARG002 - the protocol's signature
        """The socket is connected, so the kernel has compared the source address and port already."""
        if self.done.done():
            return
        try:
            decoded = decode(
                data,
                self._query,
                self._vantage,
                seconds=time.monotonic() - self._started,
                ignored_packets=self.ignored_packets,
            )
        except NotOurAnswerError:
            self.ignored_packets += 1
            return
        self.done.set_result((decoded, data))

    def error_received(self, exc: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(exc)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        if not self.done.done():
            self.done.cancel()


class DnsTransport:
    """Sends questions.

    Args:
        timeout_seconds: for one attempt.
        attempts: how often a question is sent; an address that stayed silent through all of them is asked once from then on.
    """

    def __init__(self, *, timeout_seconds: float, attempts: int, reached: Reached, evidence: Evidence) -> None:
        self._timeout_seconds = timeout_seconds
        self._attempts = max(attempts, 1)
        self._reached = reached
        self._evidence = evidence
        self._windows: dict[str, asyncio.Semaphore] = {}
        self._sockets = asyncio.Semaphore(SOCKETS)
        self._silent: set[str] = set()
        self.queries = 0

    async def ask(
        self, vantage: Vantage, port: int, name: str, record_type: str, *, recursion_desired: bool = False
    ) -> Answer:
        """Ask over UDP; TCP takes over when the answer is cut short. Never raises for what a server does."""
        try:
            make_query(name, record_type)
        except (dns.exception.DNSException, ValueError) as error:
            # a name that only a hostile answer can lead to
            return NoReply(
                name, record_type, vantage, "unreachable", f"a name that cannot be asked for: {type(error).__name__}"
            )
        window = self._windows.setdefault(vantage.address, asyncio.Semaphore(WINDOW))
        async with window, self._sockets:
            return await self._ask(vantage, port, name, record_type, recursion_desired)

    async def _ask(self, vantage: Vantage, port: int, name: str, record_type: str, recursion_desired: bool) -> Answer:
        attempts = 1 if vantage.address in self._silent else self._attempts
        failure = NoReply(name, record_type, vantage, "timeout")
        with_edns, ignored = True, 0
        for attempt in range(attempts):
            query = make_query(name, record_type, recursion_desired=recursion_desired, with_edns=with_edns)
            outcome = await self._udp(query, vantage, port)
            if isinstance(outcome, NoReply):
                ignored += outcome.ignored_packets
                failure = NoReply(name, record_type, vantage, outcome.kind, outcome.detail, ignored)
                if outcome.kind == "unreachable":
                    return failure
                # a path that drops EDNS is told apart from a dead server by the last attempt (RFC 6891 §7)
                with_edns = attempt + 2 < attempts or attempts == 1
                continue
            self._silent.discard(vantage.address)
            if outcome.reply.rcode in _EDNS_REFUSED and with_edns:
                with_edns = False
                failure = NoReply(name, record_type, vantage, "timeout", "silent after it refused EDNS", ignored)
                plain = await self._udp(
                    make_query(name, record_type, recursion_desired=recursion_desired, with_edns=False), vantage, port
                )
                if isinstance(plain, Decoded):
                    outcome = plain
            if outcome.truncated:
                return await self.ask_stream(vantage, port, query, None)
            return outcome.reply
        self._silent.add(vantage.address)
        return failure

    async def _udp(self, query: Query, vantage: Vantage, port: int) -> Decoded | NoReply:
        loop = asyncio.get_running_loop()
        self.queries += 1
        try:
            # A new socket for each question gives it a random source port (RFC 5452 §9.2).
            transport, protocol = await loop.create_datagram_endpoint(
                lambda: _Exchange(query, vantage, time.monotonic()), remote_addr=(vantage.address, port)
            )
        except OSError as error:
            return NoReply(query.name, query.type, vantage, "unreachable", error.strerror or str(error))
        try:
            transport.sendto(query.wire)
            decoded, packet = await asyncio.wait_for(protocol.done, self._timeout_seconds)
        except TimeoutError:
            return NoReply(query.name, query.type, vantage, "timeout", "", protocol.ignored_packets)
        except ConnectionRefusedError:
            await asyncio.sleep(0.05)
            return NoReply(
                query.name, query.type, vantage, "refused", "nothing listens there", protocol.ignored_packets
            )
        except OSError as error:
            return NoReply(
                query.name, query.type, vantage, "unreachable", error.strerror or str(error), protocol.ignored_packets
            )
        finally:
            transport.close()
        self._reached.add("udp", vantage.address)
        self._keep(query, vantage, packet)
        return decoded

    async def ask_stream(self, vantage: Vantage, port: int, query: Query, context: ssl.SSLContext | None) -> Answer:
        """Ask over TCP (RFC 7766), or over TLS (RFC 7858) with a context."""
        transport: Literal["tcp", "tls"] = "tls" if context else "tcp"
        there = Vantage(vantage.kind, vantage.server, vantage.address, transport)
        started = time.monotonic()
        self.queries += 1
        writer: asyncio.StreamWriter | None = None
        try:
            async with asyncio.timeout(self._timeout_seconds):
                reader, writer = await asyncio.open_connection(there.address, port, ssl=context)
                writer.write(len(query.wire).to_bytes(2, "big") + query.wire)
                await writer.drain()
                length = int.from_bytes(await reader.readexactly(2), "big")
                packet = await reader.readexactly(length)
            decoded = decode(packet, query, there, seconds=time.monotonic() - started)
        except TimeoutError:
            return NoReply(query.name, query.type, there, "tcp" if context is None else "timeout", "no answer in time")
        except (OSError, EOFError, NotOurAnswerError) as error:
            return NoReply(
                query.name,
                query.type,
                there,
                "tcp" if context is None else "unreachable",
                str(error) or type(error).__name__,
            )
        finally:
            if writer is not None:
                writer.close()
                with contextlib.suppress(OSError, TimeoutError):
                    await asyncio.wait_for(writer.wait_closed(), 0.5)
        self._reached.add(transport, there.address)
        self._keep(query, there, packet)
        return decoded.reply

    def _keep(self, query: Query, vantage: Vantage, packet: bytes) -> None:
        self._evidence.keep(
            "dns",
            server=vantage.server,
            address=vantage.address,
            transport=vantage.transport,
            name=query.name,
            type=query.type,
            query=query.wire,
            answer=packet,
        )
