"""What becomes of a question that its first packet did not settle: attempt after attempt, then TCP."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, NoUsableReply, Reply
from linkproof.verify.observe.dns.datagram_socket import InFlightQuery
from linkproof.verify.observe.dns.query import Query, make_query

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.dns.address_state import AddressState
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.dns.transport import DnsTransport
    from linkproof.verify.observe.reachability import ReachabilityLog

# Before an address that answers others is asked again: long enough for a rate limit's bucket to fill a little.
_FIRST_BACKOFF_SECONDS = 0.05
# Before a closed port is tried again: a server that is being restarted is back by then, or stays away.
_REFUSED_PAUSE_SECONDS = 0.05
# An address that leaves so many questions unanswered, over UDP and, if it ever answered, over TCP, and answers no other from the first of
# their packets to the last, is not asked any more: each further question would cost a whole time-out and tell nothing new.
GIVEN_UP_AFTER = 20
# RFC 6891 §7: these answers to EDNS mean "ask again without".
EDNS_REFUSED = frozenset({"FORMERR", "NOTIMP", "BADVERS"})


class _Awaited(InFlightQuery):
    """One packet that a task waits for."""

    __slots__ = ("answer",)

    def __init__(self, query: Query, vantage: Vantage) -> None:
        super().__init__(query, vantage)
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()

    def done(self, answer: Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


class Attempts:
    """Settles questions for a transport.

    Args:
        transport: sends.
        most: how often a question is sent.
    """

    def __init__(self, transport: DnsTransport, most: int, reached: ReachabilityLog) -> None:
        self._transport, self._most, self._reached = transport, max(most, 1), reached

    async def _udp(self, question: DnsQuestion, query: Query) -> Answer:
        """One packet, and what became of it."""
        flight = _Awaited(query, question.vantage)
        self._transport.send(flight, question.port)
        answer = await flight.answer
        if isinstance(answer, Reply):
            self._transport.took(answer, self._transport.at(question.vantage.address), flight.started)
        return answer

    async def settle(self, question: DnsQuestion, first: Answer | None, sent_at: float) -> Answer:
        """Attempt after attempt, the first of which may be over; then TCP.

        Args:
            first: what became of the first packet; None where none was sent.
            sent_at: when it was sent.
        """
        at, vantage, manner = self._transport.at(question.vantage.address), question.vantage, question.manner
        if question.over_tcp:
            return await self._over_tcp(question)
        if at.unanswered >= GIVEN_UP_AFTER and not await self._still_answers(at):
            detail = f"it left {at.unanswered} questions in a row unanswered and was not asked any more"
            return NoUsableReply(question.name, question.type, vantage, "given-up", detail)
        if at.is_limited and first is None:
            # rate limits are for UDP, whose source can be forged; TCP is let through
            over_tcp = await self._over_tcp(question)
            if isinstance(over_tcp, Reply):
                return over_tcp
        attempts = 1 if at.is_silent or question.once else self._most
        with_edns, ignored, malformed = self._transport.with_edns(question), 0, 0
        failure = NoUsableReply(question.name, question.type, vantage, "timeout")
        began_at = sent_at
        for attempt in range(attempts):
            if first is None:
                sent_at = time.monotonic()
                answer = await self._udp(
                    question, make_query(question.name, question.type, manner, with_edns=with_edns)
                )
            else:
                answer, first = first, None
            if isinstance(answer, Reply):
                at.window.answered()
                at.drops_edns = not answer.with_edns and manner.with_edns and not at.answers_edns and not question.once
                return answer if question.once else await self._complete(question, answer, attempt)
            ignored += answer.ignored_packets
            malformed += answer.malformed_packets
            kind = "malformed" if malformed and answer.kind == "timeout" else answer.kind
            failure = NoUsableReply(question.name, question.type, vantage, kind, answer.detail, ignored, malformed)
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

    async def _still_answers(self, at: AddressState) -> bool:
        """Whether an address that leaves questions unanswered answers what it answered before: then it is about those questions, not about it."""
        if at.answered is None:
            return False
        if at.trial is None:
            at.trial = asyncio.ensure_future(self._try(at, at.answered))
            self._transport.keep(at.trial)
        return await asyncio.shield(at.trial)

    async def _try(self, at: AddressState, question: DnsQuestion) -> bool:
        answer = await self._udp(
            question,
            make_query(question.name, question.type, question.manner, with_edns=self._transport.with_edns(question)),
        )
        if isinstance(answer, Reply):
            at.trial = None
        return isinstance(answer, Reply)

    async def _complete(self, question: DnsQuestion, reply: Reply, attempt: int) -> Answer:
        """What an answer still needs: EDNS left out where the server refuses it, TCP where it is cut short."""
        manner, edns_error = question.manner, ""
        if reply.rcode in EDNS_REFUSED and reply.with_edns:
            plain = await self._udp(question, make_query(question.name, question.type, manner, with_edns=False))
            if isinstance(plain, Reply) and plain.rcode not in EDNS_REFUSED:
                edns_error, reply = reply.rcode, plain
        if reply.truncated:
            for _ in range(self._most):
                query = make_query(question.name, question.type, manner, with_edns=reply.with_edns)
                whole = await self._transport.ask_stream(question.vantage, question.port, query, None)
                if isinstance(whole, Reply) or ("tcp", question.vantage.address) not in self._reached.answered:
                    break  # one that answers others over TCP was only busy
            return whole
        return replace(reply, edns_error=edns_error, lost_attempts=attempt) if edns_error or attempt else reply

    async def _over_tcp(self, question: DnsQuestion) -> Answer:
        query = make_query(question.name, question.type, question.manner)
        return await self._transport.ask_stream(question.vantage, question.port, query, None)
