"""One question on its way, and the batch that waits for it."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import dns.exception

from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observe.dns.attempts import EDNS_REFUSED, GIVEN_UP_AFTER
from linkproof.verify.observe.dns.datagram_socket import InFlightQuery
from linkproof.verify.observe.dns.query import make_query

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.dns.transport import DnsTransport


class QuestionBatch:
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


class PendingQuestion(InFlightQuery):
    """One question on its way: most end with their first packet, and never become a task."""

    __slots__ = ("_at", "_batch", "_position", "_question", "_transport")

    def __init__(self, transport: DnsTransport, batch: QuestionBatch, position: int, question: DnsQuestion) -> None:
        self._transport, self._batch, self._position, self._question = transport, batch, position, question
        self._at = transport.at(question.vantage.address)
        self.started = 0.0

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
            asyncio.get_running_loop().call_soon(self._end, self._cannot_be_asked(error))
            return
        super().__init__(query, question.vantage)
        self._transport.send(self, question.port)

    def done(self, answer: Answer) -> None:
        if isinstance(answer, Reply):
            at = self._at
            self._transport.took(answer, at, self.started)
            at.answered = self._question
            if not answer.truncated and (answer.rcode not in EDNS_REFUSED or not answer.with_edns):
                at.window.answered()
                self._end(answer)
                return
        self._transport.later(self, answer)

    def _end(self, answer: Answer) -> None:
        self._batch.put(self._position, answer)
        self._at.window.leave()

    async def go_on(self, first: Answer | None) -> None:
        try:
            answer = await self._transport.attempts.settle(self._question, first, self.started or time.monotonic())
        except (dns.exception.DNSException, ValueError) as error:
            answer = self._cannot_be_asked(error)
        except BaseException as error:
            self._batch.fail(error)
            raise
        if self._question.over_tcp:
            self._batch.put(self._position, answer)
        else:
            self._end(answer)

    def _cannot_be_asked(self, error: Exception) -> NoUsableReply:
        question, detail = self._question, f"a name that cannot be asked for: {type(error).__name__}"
        return NoUsableReply(question.name, question.type, question.vantage, "unreachable", detail)
