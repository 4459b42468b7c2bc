"""One question to one address: UDP with retries, TCP when the answer is cut short, a window for each address."""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import dns.exception

from infra.verify.observations import Answer, NoReply, Reachability, Reply, Transport, Vantage
from infra.verify.observe.dns_message import Decoded, NotOurAnswerError, Query, decode, make_query
from infra.verify.observe.window import Window

if TYPE_CHECKING:
    import ssl

    from infra.verify.observe.evidence import Evidence

# All sockets together, well below the usual limit of 1,024 open files.
SOCKETS = 400
# Before an address that answers others is asked again: long enough for a rate limit's bucket to fill a little.
_FIRST_BACKOFF_SECONDS = 0.05
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


@dataclass(frozen=True, slots=True)
class Manner:
    """How a question is asked, beside its name and type.

    Args:
        with_edns: with an OPT record (RFC 6891).
        with_dnssec: with DO.
        checking_disabled: with CD, for a validating resolver.
        authentic_wanted: with AD in the question.
    """

    recursion_desired: bool = False
    with_edns: bool = True
    with_dnssec: bool = False
    checking_disabled: bool = False
    authentic_wanted: bool = False

    def query(self, name: str, record_type: str, *, with_edns: bool | None = None, mixed_case: bool = True) -> Query:
        edns = self.with_edns if with_edns is None else with_edns
        return make_query(
            name,
            record_type,
            recursion_desired=self.recursion_desired,
            with_edns=edns,
            with_dnssec=self.with_dnssec and edns,
            checking_disabled=self.checking_disabled,
            authentic_wanted=self.authentic_wanted,
            mixed_case=mixed_case,
        )


PLAIN = Manner()
RECURSIVE = Manner(recursion_desired=True)
DNSSEC = Manner(with_dnssec=True)
WITHOUT_EDNS = Manner(with_edns=False)


class _Exchange(asyncio.DatagramProtocol):
    """Listens until the packet that answers the query comes; anything else is counted and passed over."""

    def __init__(self, query: Query, vantage: Vantage, started: float) -> None:
        self.done: asyncio.Future[tuple[Decoded, bytes]] = asyncio.get_running_loop().create_future()
        self.ignored_packets = 0
        self.malformed_packets = 0
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
        except NotOurAnswerError as error:
            self.ignored_packets += 1
            self.malformed_packets += error.is_malformed
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
        self._windows: dict[str, Window] = {}
        self._sockets = asyncio.Semaphore(SOCKETS)
        self._silent: set[str] = set()
        self._answering: set[str] = set()
        self._limited: set[str] = set()
        self.queries = 0

    async def ask(
        self,
        vantage: Vantage,
        port: int,
        name: str,
        record_type: str,
        *,
        manner: Manner = PLAIN,
        over_tcp: bool = False,
        once: bool = False,
    ) -> Answer:
        """Ask over UDP; TCP takes over when the answer is cut short or lost on the way. Never raises for what a server does.

        Args:
            manner: flags and EDNS of the question.
            over_tcp: ask over TCP alone.
            once: one packet over UDP and nothing after it, to see what becomes of exactly that packet.
        """
        try:
            query = manner.query(name, record_type)
        except (dns.exception.DNSException, ValueError) as error:
            # a name that only a hostile answer can lead to
            return NoReply(
                name, record_type, vantage, "unreachable", f"a name that cannot be asked for: {type(error).__name__}"
            )
        window = self._windows.setdefault(vantage.address, Window())
        if over_tcp:
            async with self._sockets:
                return await self.ask_stream(vantage, port, query, None)
        async with window.place(), self._sockets:
            if once:
                outcome = await self._udp(query, vantage, port)
                return outcome if isinstance(outcome, NoReply) else outcome.reply
            return await self._ask(vantage, port, name, record_type, manner, window)

    async def _ask(
        self, vantage: Vantage, port: int, name: str, record_type: str, manner: Manner, window: Window
    ) -> Answer:
        if vantage.address in self._limited:
            # rate limits are for UDP, whose source can be forged; TCP is let through
            over_tcp = await self.ask_stream(vantage, port, manner.query(name, record_type), None)
            if isinstance(over_tcp, Reply):
                return over_tcp
        attempts = 1 if vantage.address in self._silent else self._attempts
        with_edns, ignored, malformed, failure = manner.with_edns, 0, 0, NoReply(name, record_type, vantage, "timeout")
        for attempt in range(attempts):
            query = manner.query(name, record_type, with_edns=with_edns)
            outcome = await self._udp(query, vantage, port)
            if isinstance(outcome, NoReply):
                ignored += outcome.ignored_packets
                malformed += outcome.malformed_packets
                kind = "malformed" if malformed and outcome.kind == "timeout" else outcome.kind
                failure = NoReply(name, record_type, vantage, kind, outcome.detail, ignored, malformed)
                if outcome.kind == "unreachable":
                    return failure
                if vantage.address in self._answering:
                    window.lost()
                    await asyncio.sleep(_FIRST_BACKOFF_SECONDS * 2**attempt)
                # a path that drops EDNS is told apart from a dead server by the last attempt (RFC 6891 §7)
                with_edns = manner.with_edns and (attempt + 2 < attempts or attempts == 1)
                continue
            self._silent.discard(vantage.address)
            self._answering.add(vantage.address)
            window.answered()
            edns_error = ""
            if outcome.reply.rcode in _EDNS_REFUSED and query.with_edns:
                plain = await self._udp(manner.query(name, record_type, with_edns=False), vantage, port)
                if isinstance(plain, Decoded) and plain.reply.rcode not in _EDNS_REFUSED:
                    edns_error, outcome = outcome.reply.rcode, plain
            if outcome.truncated:
                query = manner.query(name, record_type, with_edns=query.with_edns and not edns_error)
                return await self.ask_stream(vantage, port, query, None)
            return replace(outcome.reply, edns_error=edns_error, lost_attempts=attempt)
        if vantage.address in self._answering and failure.kind == "timeout":
            # it answers others: a rate limit, or loss on the way, which TCP gets past
            over_tcp = await self.ask_stream(vantage, port, manner.query(name, record_type), None)
            if isinstance(over_tcp, Reply):
                self._limited.add(vantage.address)
                return replace(over_tcp, lost_attempts=attempts)
        else:
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
            ignored, malformed = protocol.ignored_packets, protocol.malformed_packets
            return NoReply(query.name, query.type, vantage, "timeout", "", ignored, malformed)
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
        except NotOurAnswerError as error:
            return NoReply(query.name, query.type, there, "malformed", str(error), 1, 1)
        except (OSError, EOFError) as error:
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
