"""Questions to addresses: UDP first, TCP when the answer is cut short or lost on the way, a window for each address."""

from __future__ import annotations

import asyncio
import math
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import dns.exception

from linkproof.verify.observations.answer import Answer, NoReply, Reply
from linkproof.verify.observe.dns.congestion_window import Window
from linkproof.verify.observe.dns.query import Query, make_query
from linkproof.verify.observe.dns.sockets import DatagramPool, Flight
from linkproof.verify.observe.dns.stream import StreamClient

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence

    from linkproof.verify.evidence.writer import Evidence
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.question import Question
    from linkproof.verify.observe.reachability import Reached

# Beside the sockets for UDP.
CONNECTIONS = 200
# Before an address that answers others is asked again: long enough for a rate limit's bucket to fill a little.
_FIRST_BACKOFF_SECONDS = 0.05
# Before a closed port is tried again: a server that is being restarted is back by then, or stays away.
_REFUSED_PAUSE_SECONDS = 0.05
# An address that leaves so many questions unanswered, over UDP and, if it ever answered, over TCP, and answers no other from the first of
# their packets to the last, is not asked any more: each further question would cost a whole time-out and tell nothing new.
GIVEN_UP_AFTER = 20
# RFC 6891 §7: these answers to EDNS mean "ask again without".
_EDNS_REFUSED = frozenset({"FORMERR", "NOTIMP", "BADVERS"})


@dataclass(slots=True)
class _Address:
    """What is known of one address.

    Args:
        answers: it has answered a question over UDP.
        answers_edns: it has answered one with EDNS, so what is lost later is not lost for that.
        drops_edns: it answered without EDNS what it left unanswered with it, and nothing with it so far.
        is_silent: it left one unanswered through all attempts before it ever answered; it is asked once from then on.
        is_limited: it lets TCP through where it drops UDP: a rate limit.
        answered_at: when the last answer came.
        answered: a question that it answered.
        trial: whether it still answers that; kept where it does not.
        unanswered: questions during which no answer came.
    """

    window: Window = field(default_factory=Window)
    answers: bool = False
    answers_edns: bool = False
    drops_edns: bool = False
    is_silent: bool = False
    is_limited: bool = False
    answered_at: float = -math.inf
    answered: Question | None = None
    trial: asyncio.Task[bool] | None = None
    unanswered: int = 0


class DnsTransport:
    """Sends questions.

    Args:
        timeout_seconds: for one attempt.
        attempts: how often a question is sent.
    """

    def __init__(self, *, timeout_seconds: float, attempts: int, reached: Reached, evidence: Evidence) -> None:
        self._attempts = max(attempts, 1)
        self._reached = reached
        self._evidence = evidence
        self._addresses: dict[str, _Address] = {}
        self._pool = DatagramPool(timeout_seconds)
        self._streams = StreamClient(
            timeout_seconds=timeout_seconds, connections=CONNECTIONS, reached=reached, evidence=evidence
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

    async def ask(self, question: Question) -> Answer:
        """Ask one question; TCP takes over when the answer is cut short or lost on the way. Never raises for what a server does."""
        return (await self.ask_many((question,)))[0]

    async def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask all of them, as many at a time as the windows of their addresses allow.

        Returns:
            the answers in the order of the questions.
        """
        batch = _Batch(len(questions))
        for position, question in enumerate(questions):
            _Asking(self, batch, position, question).begin()
        return await batch.answers()

    async def ask_stream(self, vantage: Vantage, port: int, query: Query, context: ssl.SSLContext | None) -> Answer:
        """Ask over TCP, or over TLS with a context."""
        return await self._streams.ask(vantage, port, query, context)

    def at(self, address: str) -> _Address:
        found = self._addresses.get(address)
        if found is None:
            found = self._addresses[address] = _Address()
        return found

    def with_edns(self, question: Question) -> bool:
        """Whether the first packet has it: where it vanishes on the way, each question with it would cost whole time-outs."""
        manner = question.manner
        if not self.at(question.vantage.address).drops_edns:
            return manner.with_edns
        return manner.with_edns and (question.once or manner.with_dnssec)

    def send(self, flight: Flight, port: int) -> None:
        self._datagrams += 1
        self._pool.send(flight, port)

    def took(self, reply: Reply, at: _Address, sent_at: float) -> None:
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

    def later(self, asking: _Asking, first: Answer | None) -> None:
        """Go on with a question that the first packet did not settle."""
        task = asyncio.get_running_loop().create_task(asking.go_on(first))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def udp(self, question: Question, query: Query) -> Answer:
        """One packet, and what became of it."""
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

        def done(answer: Answer) -> None:
            if not future.done():
                future.set_result(answer)

        flight = Flight(query, question.vantage, done)
        self.send(flight, question.port)
        answer = await future
        if isinstance(answer, Reply):
            self.took(answer, self.at(question.vantage.address), flight.started)
        return answer

    async def settle(self, question: Question, first: Answer | None, sent_at: float) -> Answer:
        """Attempt after attempt, the first of which may be over; then TCP.

        Args:
            first: what became of the first packet; None where none was sent.
            sent_at: when it was sent.
        """
        at, vantage, manner = self.at(question.vantage.address), question.vantage, question.manner
        if question.over_tcp:
            return await self._over_tcp(question)
        if at.unanswered >= GIVEN_UP_AFTER and not await self._still_answers(at):
            detail = f"it left {at.unanswered} questions in a row unanswered and was not asked any more"
            return NoReply(question.name, question.type, vantage, "given-up", detail)
        if at.is_limited and first is None:
            # rate limits are for UDP, whose source can be forged; TCP is let through
            over_tcp = await self._over_tcp(question)
            if isinstance(over_tcp, Reply):
                return over_tcp
        attempts = 1 if at.is_silent or question.once else self._attempts
        with_edns, ignored, malformed = self.with_edns(question), 0, 0
        failure = NoReply(question.name, question.type, vantage, "timeout")
        began_at = sent_at
        for attempt in range(attempts):
            if first is None:
                sent_at = time.monotonic()
                answer = await self.udp(question, make_query(question.name, question.type, manner, with_edns=with_edns))
            else:
                answer, first = first, None
            if isinstance(answer, Reply):
                at.window.answered()
                at.drops_edns = not answer.with_edns and manner.with_edns and not at.answers_edns and not question.once
                return answer if question.once else await self._complete(question, answer, attempt)
            ignored += answer.ignored_packets
            malformed += answer.malformed_packets
            kind = "malformed" if malformed and answer.kind == "timeout" else answer.kind
            failure = NoReply(question.name, question.type, vantage, kind, answer.detail, ignored, malformed)
            if answer.kind == "unreachable" or question.once:
                return failure
            if answer.kind == "refused":
                await asyncio.sleep(_REFUSED_PAUSE_SECONDS)
            if at.answers:
                at.window.lost(sent_at, time.monotonic())
                await asyncio.sleep(_FIRST_BACKOFF_SECONDS * 2**attempt)
            # a path that drops EDNS is told apart from a dead server by the last attempt (RFC 6891 §7); where EDNS came through
            # before, an answer without it would lack the signatures and look like a broken one
            with_edns = with_edns and (at.answers_edns or attempt + 2 < attempts or attempts == 1)
        if at.answers and failure.kind == "timeout":
            # it answers others: a rate limit, or loss on the way, which TCP gets past
            over_tcp = await self._over_tcp(question)
            if isinstance(over_tcp, Reply):
                at.is_limited, at.unanswered = True, 0
                return replace(over_tcp, lost_attempts=attempts)
            at.unanswered += at.answered_at < began_at
        elif not at.answers:
            at.is_silent = True
            at.unanswered += failure.kind == "timeout"
        return failure

    async def _still_answers(self, at: _Address) -> bool:
        """Whether an address that leaves questions unanswered answers what it answered before: then it is about those questions, not about it."""
        if at.answered is None:
            return False
        if at.trial is None:
            at.trial = asyncio.ensure_future(self._try(at, at.answered))
            self._tasks.add(at.trial)
            at.trial.add_done_callback(self._tasks.discard)
        return await asyncio.shield(at.trial)

    async def _try(self, at: _Address, question: Question) -> bool:
        answer = await self.udp(
            question, make_query(question.name, question.type, question.manner, with_edns=self.with_edns(question))
        )
        if isinstance(answer, Reply):
            at.trial = None
        return isinstance(answer, Reply)

    async def _complete(self, question: Question, reply: Reply, attempt: int) -> Answer:
        """What an answer still needs: EDNS left out where the server refuses it, TCP where it is cut short."""
        manner, edns_error = question.manner, ""
        if reply.rcode in _EDNS_REFUSED and reply.with_edns:
            plain = await self.udp(question, make_query(question.name, question.type, manner, with_edns=False))
            if isinstance(plain, Reply) and plain.rcode not in _EDNS_REFUSED:
                edns_error, reply = reply.rcode, plain
        if reply.truncated:
            for _ in range(self._attempts):
                query = make_query(question.name, question.type, manner, with_edns=reply.with_edns)
                whole = await self.ask_stream(question.vantage, question.port, query, None)
                if isinstance(whole, Reply) or ("tcp", question.vantage.address) not in self._reached.answered:
                    break  # one that answers others over TCP was only busy
            return whole
        return replace(reply, edns_error=edns_error, lost_attempts=attempt) if edns_error or attempt else reply

    async def _over_tcp(self, question: Question) -> Answer:
        query = make_query(question.name, question.type, question.manner)
        return await self.ask_stream(question.vantage, question.port, query, None)


class _Batch:
    """The answers of one call, complete when the last has come."""

    def __init__(self, count: int) -> None:
        self._answers: list[Answer | None] = [None] * count
        self._left = count
        self._done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not count:
            self._done.set_result(None)

    def put(self, position: int, answer: Answer) -> None:
        self._answers[position] = answer
        self._left -= 1
        if not self._left and not self._done.done():
            self._done.set_result(None)

    def fail(self, error: BaseException) -> None:
        if not self._done.done():
            self._done.set_exception(error)

    async def answers(self) -> list[Answer]:
        await self._done
        return [answer for answer in self._answers if answer is not None]


class _Asking:
    """One question on its way: most end with their first packet, and never become a task."""

    __slots__ = ("_at", "_batch", "_position", "_question", "_sent_at", "_transport")

    def __init__(self, transport: DnsTransport, batch: _Batch, position: int, question: Question) -> None:
        self._transport, self._batch, self._position, self._question = transport, batch, position, question
        self._at = transport.at(question.vantage.address)
        self._sent_at = 0.0

    def begin(self) -> None:
        if self._question.over_tcp:
            self._transport.later(self, None)  # TCP has its own way of slowing us down
        else:
            self._at.window.enter(self._start, is_urgent=self._question.is_urgent)

    def _start(self) -> None:
        question, at = self._question, self._at
        if at.is_limited or at.is_silent or at.unanswered >= GIVEN_UP_AFTER:
            self._transport.later(self, None)
            return
        try:
            with_edns = self._transport.with_edns(question) if at.drops_edns else None
            query = make_query(question.name, question.type, question.manner, with_edns=with_edns)
        except (dns.exception.DNSException, ValueError) as error:
            # a name that only a hostile answer can lead to
            detail = f"a name that cannot be asked for: {type(error).__name__}"
            refused = NoReply(question.name, question.type, question.vantage, "unreachable", detail)
            asyncio.get_running_loop().call_soon(self._end, refused)
            return
        flight = Flight(query, question.vantage, self._answered)
        self._transport.send(flight, question.port)
        # its time and not the flight, which holds us: a circle for each question is what the collector would have to look for
        self._sent_at = flight.started or time.monotonic()

    def _answered(self, answer: Answer) -> None:
        if isinstance(answer, Reply):
            self._transport.took(answer, self._at, self._sent_at)
            self._at.answered = self._question
            if not answer.truncated and (answer.rcode not in _EDNS_REFUSED or not answer.with_edns):
                self._at.window.answered()
                self._end(answer)
                return
        self._transport.later(self, answer)

    def _end(self, answer: Answer) -> None:
        self._batch.put(self._position, answer)
        self._at.window.leave()

    async def go_on(self, first: Answer | None) -> None:
        try:
            answer = await self._transport.settle(self._question, first, self._sent_at or time.monotonic())
        except (dns.exception.DNSException, ValueError) as error:
            detail = f"a name that cannot be asked for: {type(error).__name__}"
            answer = NoReply(self._question.name, self._question.type, self._question.vantage, "unreachable", detail)
        except BaseException as error:
            self._batch.fail(error)
            raise
        if self._question.over_tcp:
            self._batch.put(self._position, answer)
        else:
            self._end(answer)
