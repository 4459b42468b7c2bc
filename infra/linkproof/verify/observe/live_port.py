"""The live port: asks over the network, and records every outcome."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from linkproof.verify.observations.answer import Reply
from linkproof.verify.observe.dns.resolvers import ResolverClient
from linkproof.verify.observe.dns.transport import DnsTransport
from linkproof.verify.observe.edge.client import EdgeClient
from linkproof.verify.observe.port import Moment, edge_key, question_key
from linkproof.verify.observe.reachability import ReachabilityLog
from linkproof.verify.redaction.redact import redacted_parts

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Coroutine, Hashable, Iterable, Sequence

    from linkproof.verify.clock import Clock
    from linkproof.verify.marks import Probe
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import HttpObservation, TlsObservation
    from linkproof.verify.observations.sent import SentRequest
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.recorder import Recorder
    from linkproof.verify.options import VerifyOptions

Found = TypeVar("Found")
Part = TypeVar("Part", bound="Hashable")
# Headers and bodies that are kept once; beyond that a hostile edge makes each of its own.
_MOST_PARTS = 4096


class LivePort:
    """Asks for one round.

    Args:
        options: ports and time-outs.
        verifying: the TLS context that demands trust.
        evidence: is told every outcome.
        clock: time.
        sent: is given every request that was answered.
        processes: how many ask together, this one with them; they keep the limits together.
    """

    def __init__(
        self,
        options: VerifyOptions,
        verifying: ssl.SSLContext,
        evidence: Recorder,
        clock: Clock,
        sent: list[SentRequest] | None = None,
        processes: int = 1,
    ) -> None:
        self._evidence, self._clock, self._reached = evidence, clock, ReachabilityLog()
        seconds = options.timeout_seconds
        self._transport = DnsTransport(
            timeout_seconds=seconds,
            attempts=options.attempts,
            reached=self._reached,
            evidence=evidence,
            processes=processes,
        )
        self._resolvers = ResolverClient(
            self._transport, ca=options.ca, timeout_seconds=seconds, reached=self._reached, processes=processes
        )
        self._edges = EdgeClient(
            verifying,
            http_port=options.http_port,
            https_port=options.https_port,
            timeout_seconds=seconds,
            reached=self._reached,
            ca=options.ca,
            sent=sent,
        )
        self._numbers: Counter[str] = Counter()
        self._answers: dict[DnsQuestion, Answer | asyncio.Future[Answer]] = {}
        self._under_way: dict[str, asyncio.Future[Any]] = {}
        self._results: dict[str, Any] = {}
        self._parts: dict[Hashable, Any] = {}

    @property
    def reached(self) -> ReachabilityLog:
        """What has answered in this round."""
        return self._reached

    @property
    def queries(self) -> int:
        return self._transport.queries

    @property
    def strays(self) -> int:
        return self._transport.strays

    async def pause(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    async def close(self) -> None:
        self._transport.close()
        await self._edges.close()

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        waiting: list[Answer | asyncio.Future[Answer]] = []
        fresh: list[tuple[DnsQuestion, asyncio.Future[Answer], bool]] = []
        loop: asyncio.AbstractEventLoop | None = None
        for question in questions:
            # A packet that is sent to see what becomes of it is never shared.
            is_shared = not (question.over_tcp or question.once)
            known = self._answers.get(question) if is_shared else None
            if known is None:
                loop = loop or asyncio.get_running_loop()
                future = known = loop.create_future()
                fresh.append((question, future, is_shared))
                if is_shared:
                    self._answers[question] = future
            waiting.append(known)
        if fresh:
            await self._ask_fresh(fresh)
        # what somebody else asked at the same time is waited for as well
        return [await one if isinstance(one, asyncio.Future) else one for one in waiting]

    async def _ask_fresh(self, fresh: list[tuple[DnsQuestion, asyncio.Future[Answer], bool]]) -> None:
        numbers = [self._number(question_key(question)) for question, *_ in fresh] if self._evidence.is_kept else []
        try:
            answers = await self._resolvers.ask_many([question for question, *_ in fresh])
        except BaseException:
            for _, future, _ in fresh:
                future.cancel()
            raise
        for position, ((question, future, is_shared), answer) in enumerate(zip(fresh, answers, strict=True)):
            if numbers:
                self._evidence.asked(question_key(question), numbers[position], answer)
            elif isinstance(answer, Reply) and not question.manner.is_judged_by_octets:
                # a third of what an answer weighs, and there are twenty for each link
                answer.query_wire = answer.wire = b""
            if is_shared:
                self._answers[question] = answer
            if not future.done():
                future.set_result(answer)

    def forget(self, questions: Iterable[DnsQuestion]) -> None:
        answers = self._answers
        for question in questions:
            if not isinstance(answers.get(question), asyncio.Future):
                answers.pop(question, None)

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        key = edge_key("https", host, address, probe)

        async def handshake() -> tuple[TlsObservation, HttpObservation | None]:
            seen, found = await self._edges.tls(host, address, probe)
            answer = self._kept(found) if found else None
            self._evidence.shook_hands(key, self._number(key), seen, answer)
            return seen, answer

        return await self._shared(key, handshake)

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        key = edge_key("http", host, address, probe)

        async def answer() -> HttpObservation:
            found = self._kept(await self._edges.http(host, address, probe))
            self._evidence.requested(key, self._number(key), found)
            return found

        return await self._shared(key, answer)

    async def _shared(self, key: str, ask: Callable[[], Coroutine[Any, Any, Found]]) -> Found:
        """One question, one answer in a round: who asks later, or at the same time, gets the same."""
        if key in self._results:
            kept: Found = self._results[key]
            return kept
        if (under_way := self._under_way.get(key)) is not None:
            awaited: Found = await asyncio.shield(under_way)
            return awaited
        waiting = self._under_way[key] = asyncio.get_running_loop().create_future()
        try:
            found = self._results[key] = await ask()
        except BaseException:
            waiting.cancel()
            raise
        finally:
            del self._under_way[key]
        waiting.set_result(found)
        return found

    def _kept(self, answer: HttpObservation) -> HttpObservation:
        """Without secrets; thousands of hosts answer alike, and what they have in common is kept once."""
        headers, body = redacted_parts(answer)
        return replace(answer, headers=tuple(map(self._once, headers)), body=self._once(body))

    def _once(self, part: Part) -> Part:
        same = self._parts.get(part)
        if same is None:
            if len(self._parts) >= _MOST_PARTS:
                return part
            same = self._parts[part] = part
        kept: Part = same
        return kept

    def moment(self, stage: str) -> Moment:
        moment = Moment(self._clock.now(), self._reached.frozen())
        self._evidence.judged(stage, moment)
        return moment

    def _number(self, key: str) -> int:
        """The same question may be put again, and a server may then say something else."""
        self._numbers[key] += 1
        return self._numbers[key]
