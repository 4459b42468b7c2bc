"""One DNS question over TCP (RFC 7766) or TLS (RFC 7858)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Literal

from linkproof.verify.observations.answer import Answer, NoUsableReply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.closing import close_connection
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.error_text import error_text

if TYPE_CHECKING:
    import ssl

    from linkproof.verify.observe.dns.query import Query
    from linkproof.verify.observe.reachability import ReachabilityLog
    from linkproof.verify.observe.recorder import Recorder


# Servers keep short queues for TCP (BIND's is 10 by default): a connection too many is lost, and looks like a closed port.
TO_ONE_ADDRESS = 8


class StreamClient:
    """Asks over connections of their own, a bounded number at a time.

    Args:
        timeout_seconds: for connection, question and answer together.
        connections: at a time; `to_one_address` of them at most to one address.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float,
        connections: int,
        to_one_address: int,
        reached: ReachabilityLog,
        evidence: Recorder,
    ) -> None:
        self._timeout_seconds, self._to_one_address = timeout_seconds, to_one_address
        self._places = asyncio.Semaphore(connections)
        self._of_address: dict[str, asyncio.Semaphore] = {}
        self._reached, self._evidence = reached, evidence
        self.queries = 0

    async def ask(self, vantage: Vantage, port: int, query: Query, context: ssl.SSLContext | None) -> Answer:
        """Ask one question; over TLS with a context. Never raises for what a server does."""
        transport: Literal["tcp", "tls"] = "tls" if context else "tcp"
        there = Vantage(vantage.kind, vantage.server, vantage.address, transport)
        own = self._of_address.setdefault(there.address, asyncio.Semaphore(self._to_one_address))
        async with own, self._places:
            return await self._ask(there, port, query, context)

    async def _ask(self, there: Vantage, port: int, query: Query, context: ssl.SSLContext | None) -> Answer:
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
            reply = decode(packet, query, there, seconds=time.monotonic() - started)
        except TimeoutError:
            return NoUsableReply(
                query.name, query.type, there, "tcp" if context is None else "timeout", "no answer in time"
            )
        except NotOurAnswerError as error:
            return NoUsableReply(query.name, query.type, there, "malformed", str(error), 1, 1)
        except (OSError, EOFError) as error:
            return NoUsableReply(
                query.name,
                query.type,
                there,
                "tcp" if context is None else "unreachable",
                error_text(error),
            )
        finally:
            if writer is not None:
                await close_connection(writer)
        self._reached.add(there.transport, there.address)
        self._evidence.packet(there, query.name, query.type, query.wire, packet)
        return reply
