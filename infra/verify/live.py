"""The live port: asks over the network, and records every outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar

from infra.verify.observe.dns_transport import PLAIN, DnsTransport, Manner, Reached
from infra.verify.observe.edge import EdgeClient
from infra.verify.observe.resolvers import ResolverClient, resolver_vantage
from infra.verify.port import Moment, edge_key, question_key
from infra.verify.redact import redact_answer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine
    from datetime import datetime

    from infra.verify.marks import Probe
    from infra.verify.observations import Answer, Vantage
    from infra.verify.observations_edge import HttpObservation, TlsObservation
    from infra.verify.observe.evidence import Evidence
    from infra.verify.options import ResolverAddress, VerifyOptions

Found = TypeVar("Found")


class LivePort:
    """Asks for one round.

    Args:
        options: ports and time-outs.
        verifying: the TLS context that demands trust.
        evidence: is told every outcome.
        now: the clock.
    """

    def __init__(
        self, options: VerifyOptions, verifying: ssl.SSLContext, evidence: Evidence, now: Callable[[], datetime]
    ) -> None:
        self._evidence, self._now, self._reached = evidence, now, Reached()
        seconds = options.timeout_seconds
        self._transport = DnsTransport(
            timeout_seconds=seconds, attempts=options.attempts, reached=self._reached, evidence=evidence
        )
        self._resolvers = ResolverClient(self._transport, ca=options.ca, timeout_seconds=seconds, reached=self._reached)
        self._edges = EdgeClient(
            verifying,
            http_port=options.http_port,
            https_port=options.https_port,
            timeout_seconds=seconds,
            reached=self._reached,
            ca=options.ca,
        )
        self._numbers: Counter[str] = Counter()
        self._tasks: dict[str, asyncio.Task[Any]] = {}

    @property
    def queries(self) -> int:
        return self._transport.queries

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
        how = ("tcp" if over_tcp else "", "once" if once else "")
        where = f"{vantage.server} {vantage.address}"
        key = question_key(where, name, record_type, manner, *how)

        async def answer() -> Answer:
            number = self._number(key)
            found = await self._transport.ask(
                vantage, port, name, record_type, manner=manner, over_tcp=over_tcp, once=once
            )
            self._evidence.asked(key, number, found)
            return found

        # A packet that is sent to see what becomes of it is never shared.
        return await answer() if over_tcp or once else await self._shared(f"{key} {name}", answer)

    async def ask_resolver(self, resolver: ResolverAddress, name: str, record_type: str, manner: Manner) -> Answer:
        key = question_key(resolver_vantage(resolver).server, name, record_type, manner)

        async def answer() -> Answer:
            found = await self._resolvers.ask(resolver, name, record_type, manner)
            self._evidence.asked(key, self._number(key), found)
            return found

        return await self._shared(key, answer)

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        key = edge_key("https", host, address, probe)

        async def handshake() -> tuple[TlsObservation, HttpObservation | None]:
            seen, found = await self._edges.tls(host, address, probe)
            answer = redact_answer(found) if found else None
            self._evidence.shook_hands(key, self._number(key), seen, answer)
            return seen, answer

        return await self._shared(key, handshake)

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        key = edge_key("http", host, address, probe)

        async def answer() -> HttpObservation:
            found = redact_answer(await self._edges.http(host, address, probe))
            self._evidence.requested(key, self._number(key), found)
            return found

        return await self._shared(key, answer)

    async def _shared(self, key: str, ask: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """One question, one answer in a round: who asks later, or at the same time, gets the same."""
        task: asyncio.Task[Found] | None = self._tasks.get(key)
        if task is None:
            task = self._tasks[key] = asyncio.ensure_future(ask())
        return await task

    def moment(self, stage: str) -> Moment:
        moment = Moment(self._now(), self._reached.frozen())
        self._evidence.judged(stage, moment)
        return moment

    def _number(self, key: str) -> int:
        """The same question may be put again, and a server may then say something else."""
        self._numbers[key] += 1
        return self._numbers[key]
