"""Ask a resolver: over UDP and TCP, TLS (RFC 7858) or HTTPS (RFC 8484)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import time
from typing import TYPE_CHECKING

from infra.verify.observations import NoReply, RecordAnswers, Reply, Transport, Vantage
from infra.verify.observe import http1
from infra.verify.observe.dns_message import NotOurAnswerError, decode
from infra.verify.observe.dns_transport import Manner
from infra.verify.redact import redact

if TYPE_CHECKING:
    from pathlib import Path

    from infra.expectations.model import RecordExpectation
    from infra.verify.observations import Answer
    from infra.verify.observe.dns_transport import DnsTransport, Reached
    from infra.verify.options import ResolverAddress
    from infra.verify.port import Port


# AD in the question asks for AD in the answer, without the weight of signatures (RFC 6840 §5.7).
ASKING = Manner(recursion_desired=True, authentic_wanted=True)
# CD: what a validating resolver would hold back, so that a broken signature can be told from a dead server (RFC 4035 §3.2.2).
_UNCHECKED = Manner(recursion_desired=True, checking_disabled=True)


def resolver_vantage(resolver: ResolverAddress) -> Vantage:
    transport: Transport = resolver.transport
    return Vantage("resolver", redact(str(resolver)), resolver.host, transport)


async def ask_record(
    port: Port, resolver: ResolverAddress, record: RecordExpectation, *, must_be_authentic: bool = False
) -> RecordAnswers:
    """The record's own type, and the addresses of a name whose CNAME must not show.

    Args:
        port: asks.
        must_be_authentic: the zone is declared as signed; without AD the root is asked too, to see whether this resolver validates at all.
    """
    own = await port.ask_resolver(resolver, record.name, record.type, ASKING)
    address = (
        await port.ask_resolver(resolver, record.name, "A", ASKING)
        if record.served != "as-declared" and record.type == "CNAME"
        else None
    )
    unchecked = control = None
    if isinstance(own, Reply) and own.rcode == "SERVFAIL":
        unchecked = await port.ask_resolver(resolver, record.name, record.type, _UNCHECKED)
    elif isinstance(own, Reply) and must_be_authentic and not own.authentic:
        control = await port.ask_resolver(resolver, ".", "NS", ASKING)
    return RecordAnswers(own, address, unchecked=unchecked, control=control)


class ResolverClient:
    """Asks resolvers.

    Args:
        ca: PEM file of trust anchors beside the system's, for TLS and HTTPS.
    """

    def __init__(self, transport: DnsTransport, *, ca: Path | None, timeout_seconds: float, reached: Reached) -> None:
        self._transport = transport
        self._ca = ca
        self._timeout_seconds = timeout_seconds
        self._reached = reached
        self._context: ssl.SSLContext | None = None

    async def ask(self, resolver: ResolverAddress, name: str, record_type: str, manner: Manner = ASKING) -> Answer:
        """Ask one question, by the resolver's own transport."""
        vantage = resolver_vantage(resolver)
        if resolver.transport == "udp":
            return await self._transport.ask(vantage, resolver.port, name, record_type, manner=manner)
        if resolver.transport == "tls":
            query = manner.query(name, record_type)
            return await self._transport.ask_stream(vantage, resolver.port, query, self._trusting())
        return await self._ask_https(resolver, vantage, name, record_type, manner)

    async def _ask_https(
        self, resolver: ResolverAddress, vantage: Vantage, name: str, record_type: str, manner: Manner
    ) -> Answer:
        query = manner.query(name, record_type, mixed_case=False)
        # id 0 and one case, so that a cache on the way may serve it (RFC 8484 §4.1)
        wire = b"\x00\x00" + query.wire[2:]
        encoded = base64.urlsafe_b64encode(wire).rstrip(b"=").decode("ascii")
        host = f"[{resolver.host}]" if ":" in resolver.host else resolver.host
        writer: asyncio.StreamWriter | None = None
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                reader, writer = await asyncio.open_connection(
                    resolver.host, resolver.port, ssl=self._trusting(), limit=http1.MAX_HEADER_OCTETS
                )
                status, _, body = await http1.exchange(reader, writer, "GET", host, f"{resolver.path}?dns={encoded}")
            if status != 200:
                return NoReply(name, record_type, vantage, "unreachable", f"HTTP {status}")
            decoded = decode(query.wire[:2] + body[2:], query, vantage, seconds=time.monotonic() - started)
        except TimeoutError:
            return NoReply(name, record_type, vantage, "timeout")
        except (OSError, EOFError, http1.MalformedAnswerError, NotOurAnswerError) as error:
            return NoReply(name, record_type, vantage, "unreachable", str(error) or type(error).__name__)
        finally:
            if writer is not None:
                writer.close()
                with contextlib.suppress(OSError, TimeoutError):
                    await asyncio.wait_for(writer.wait_closed(), 0.5)
        self._reached.add("https", vantage.address)
        return decoded.reply

    def _trusting(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = ssl.create_default_context()
            if self._ca is not None:
                self._context.load_verify_locations(cafile=str(self._ca))
        return self._context
