"""Questions to addresses: UDP first, TCP when the answer is cut short or lost on the way, a window for each address."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from linkproof.verify.observations.answer import Answer, Reply
from linkproof.verify.observe.concurrency import share_of
from linkproof.verify.observe.dns.address_state import AddressState
from linkproof.verify.observe.dns.attempts import Attempts
from linkproof.verify.observe.dns.congestion_window import MAX_IN_FLIGHT, CongestionWindow
from linkproof.verify.observe.dns.datagram_pool import SOCKETS, DatagramPool
from linkproof.verify.observe.dns.datagram_socket import InFlightQuery
from linkproof.verify.observe.dns.pending_question import PendingQuestion, QuestionBatch
from linkproof.verify.observe.dns.query import Query
from linkproof.verify.observe.dns.stream import TO_ONE_ADDRESS, StreamClient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.reachability import ReachabilityLog
    from linkproof.verify.observe.recorder import Recorder

# Beside the sockets for UDP.
CONNECTIONS = 200


class DnsTransport:
    """Sends questions.

    Args:
        timeout_seconds: for one attempt.
        attempts: how often a question is sent.
        processes: how many ask the same addresses together and keep the limits together.
        sockets: for UDP, at most.
    """

    def __init__(
        self,
        *,
        timeout_seconds: float,
        attempts: int,
        reached: ReachabilityLog,
        evidence: Recorder,
        processes: int = 1,
        sockets: int = SOCKETS,
    ) -> None:
        self.attempts = Attempts(self, attempts, reached)
        self._reached = reached
        self._evidence = evidence
        self._addresses: dict[str, AddressState] = {}
        self._pool = DatagramPool(timeout_seconds, sockets)
        self._window = share_of(MAX_IN_FLIGHT, processes)
        self._streams = StreamClient(
            timeout_seconds=timeout_seconds,
            connections=share_of(CONNECTIONS, processes),
            to_one_address=share_of(TO_ONE_ADDRESS, processes),
            reached=reached,
            evidence=evidence,
        )
        self._datagrams = 0
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def queries(self) -> int:
        """Questions sent so far, repetitions counted."""
        return self._datagrams + self._streams.queries

    @property
    def strays(self) -> int:
        """Packets passed over so far: they answered nothing that was asked."""
        return self._pool.strays

    def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        self._pool.close()

    async def ask(self, question: DnsQuestion) -> Answer:
        """Ask one question; TCP takes over when the answer is cut short or lost on the way. Never raises for what a server does."""
        return (await self.ask_many((question,)))[0]

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        """Ask all of them, as many at a time as the windows of their addresses allow.

        Returns:
            the answers in the order of the questions.
        """
        batch = QuestionBatch(len(questions))
        for position, question in enumerate(questions):
            PendingQuestion(self, batch, position, question).begin()
        return await batch.answers()

    async def ask_stream(self, vantage: Vantage, port: int, query: Query, context: ssl.SSLContext | None) -> Answer:
        """Ask over TCP, or over TLS with a context."""
        return await self._streams.ask(vantage, port, query, context)

    def at(self, address: str) -> AddressState:
        found = self._addresses.get(address)
        if found is None:
            found = self._addresses[address] = AddressState(CongestionWindow(self._window))
        return found

    def with_edns(self, question: DnsQuestion) -> bool:
        """Whether the first packet has it: where it vanishes on the way, each question with it would cost whole time-outs."""
        manner = question.manner
        if not self.at(question.vantage.address).drops_edns:
            return manner.with_edns
        return manner.with_edns and (question.once or manner.with_dnssec)

    def send(self, flight: InFlightQuery, port: int) -> None:
        self._datagrams += 1
        self._pool.send(flight, port)

    def took(self, reply: Reply, at: AddressState, sent_at: float) -> None:
        """A packet came that answers a question."""
        if not at.answers:
            at.answers = True
            at.is_silent = False
            self._reached.add("udp", reply.vantage.address)
        if reply.with_edns and not at.answers_edns:
            at.answers_edns, at.drops_edns = True, False
        at.answered_at = sent_at + reply.seconds
        at.unanswered = 0
        if self._evidence.is_kept:
            self._evidence.packet(reply.vantage, reply.name, reply.type, reply.query_wire, reply.wire)
        else:
            reply.query_wire = b""  # only evidence has it

    def later(self, asking: PendingQuestion, first: Answer | None) -> None:
        """Go on with a question that the first packet did not settle."""
        self.keep(asyncio.get_running_loop().create_task(asking.go_on(first)))

    def keep(self, task: asyncio.Task[Any]) -> None:
        """Hold on to a task till its end; `close` ends it."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
