"""Ask a resolver: over UDP and TCP, TLS (RFC 7858) or HTTPS (RFC 8484)."""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from linkproof.verify.marks import Probe
from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.record import RecordAnswers
from linkproof.verify.observations.vantage import Transport, Vantage
from linkproof.verify.observe import http1
from linkproof.verify.observe.closing import close_connection
from linkproof.verify.observe.concurrency import share_of
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DnsQuestion, Manner
from linkproof.verify.observe.edge.certificates import trusting_context
from linkproof.verify.observe.error_text import error_text
from linkproof.verify.redaction.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observe.dns.transport import DnsTransport
    from linkproof.verify.observe.port import Port
    from linkproof.verify.observe.reachability import ReachabilityLog
    from linkproof.verify.options import ResolverAddress


# AD in the question asks for AD in the answer, without the weight of signatures (RFC 6840 §5.7).
ASKING = Manner(recursion_desired=True, authentic_wanted=True)
# RD alone, as the C library and browsers ask: some resolvers and balancers keep a copy for each form of a question, and what our own form
# gets, nobody else may see.
AS_PROGRAMS = Manner(recursion_desired=True, with_edns=False)
USERS_TYPES = ("A", "AAAA", "HTTPS")
# To resolvers over HTTPS, at a time.
CONNECTIONS = 50
# CD: what a validating resolver would hold back, so that a broken signature can be told from a dead server (RFC 4035 §3.2.2).
_UNCHECKED = Manner(recursion_desired=True, checking_disabled=True)


@lru_cache(maxsize=256)
def resolver_vantage(resolver: ResolverAddress) -> Vantage:
    transport: Transport = resolver.transport
    return Vantage("resolver", redact(str(resolver)), resolver.host, transport)


def resolver_question(resolver: ResolverAddress, name: str, record_type: str, manner: Manner = ASKING) -> DnsQuestion:
    """A question to a resolver, by its own transport."""
    return DnsQuestion(resolver_vantage(resolver), resolver.port, name, record_type, manner, path=resolver.path)


async def ask_records(
    port: Port,
    asked: Sequence[tuple[RecordExpectation, ResolverAddress]],
    must_be_authentic: Callable[[RecordExpectation], bool],
) -> list[RecordAnswers]:
    """The record's own type and, of a CNAME, what users ask for at its name; then what an answer leaves open.

    Args:
        port: asks.
        asked: each record with the resolver to ask.
        must_be_authentic: whether a record's zone is declared as signed; without AD the root is asked too, to see whether this resolver
            validates at all.
    """
    first: list[DnsQuestion] = []
    for record, resolver in asked:
        first += questions_about(record, resolver)
    answers = iter(await port.ask_many(first))
    found = []
    for record, _ in asked:
        own, has_address = next(answers), _wants_address(record)
        address = next(answers) if has_address else None
        found.append(RecordAnswers(own, address, users=tuple(next(answers) for _ in USERS_TYPES if has_address)))
    second: list[tuple[int, str, DnsQuestion]] = []
    for position, ((record, resolver), answer) in enumerate(zip(asked, found, strict=True)):
        own = answer.own
        failing = [one for one in failures(answer) if one.rcode != "REFUSED"]
        if failing:
            second.append(
                (position, "unchecked", resolver_question(resolver, record.name, failing[0].type, _UNCHECKED))
            )
        is_refused = any(one.rcode == "REFUSED" for one in failures(answer))
        if is_refused or (not failing and isinstance(own, Reply) and not own.authentic and must_be_authentic(record)):
            second.append((position, "control", resolver_question(resolver, ".", "NS")))
    more = await port.ask_many([question for _, _, question in second])
    for (position, what, _), reply in zip(second, more, strict=True):
        one = found[position]
        found[position] = replace(one, unchecked=reply) if what == "unchecked" else replace(one, control=reply)
    return found


def questions_about(record: RecordExpectation, resolver: ResolverAddress) -> list[DnsQuestion]:
    """The record's own type and, of a CNAME, what users ask for at its name."""
    questions = [resolver_question(resolver, record.name, record.type)]
    if _wants_address(record):
        questions.append(resolver_question(resolver, record.name, "A"))
        questions += [resolver_question(resolver, record.name, what, AS_PROGRAMS) for what in USERS_TYPES]
    return questions


async def ask_again(
    port: Port, doubts: Sequence[tuple[RecordAnswers, ResolverAddress, Reply]], turn: int
) -> list[Answer]:
    """The questions that got these answers, once more.

    Args:
        port: asks.
        doubts: the answers about a record, the resolver that gave them, and the one in doubt.
        turn: how many times that was asked before.
    """
    questions = []
    for answers, resolver, reply in doubts:
        is_ours = reply is answers.own or reply is answers.address
        question = resolver_question(resolver, reply.name, reply.type, ASKING if is_ours else AS_PROGRAMS)
        questions.append(replace(question, turn=turn))
    return await port.ask_many(questions)


def unchecked_question(resolver: ResolverAddress, reply: Reply) -> DnsQuestion:
    """The question that got this answer, with CD, and later than the first time."""
    return replace(resolver_question(resolver, reply.name, reply.type, _UNCHECKED), turn=1)


def failures(answers: RecordAnswers) -> list[Reply]:
    """The answers that a user who looks for an address would fail with."""
    asked = [answers.own, answers.address, *(one for one in answers.users if one.type == "A")]
    return [one for one in asked if isinstance(one, Reply) and one.rcode not in {"NOERROR", "NXDOMAIN"}]


def _wants_address(record: RecordExpectation) -> bool:
    """Users ask for addresses: a resolver that gives the CNAME may still give up on what it leads to."""
    return (
        record.type == "CNAME"
        and record.match != "absent"
        and (record.served != "as-declared" or record.resolve == "address")
    )


class ResolverClient:
    """Asks resolvers.

    Args:
        ca: PEM file of trust anchors beside the system's, for TLS and HTTPS.
        processes: as of the transport.
    """

    def __init__(
        self,
        transport: DnsTransport,
        *,
        ca: Path | None,
        timeout_seconds: float,
        reached: ReachabilityLog,
        processes: int = 1,
    ) -> None:
        self._transport = transport
        self._ca = ca
        self._timeout_seconds = timeout_seconds
        self._reached = reached
        self._context: ssl.SSLContext | None = None
        self._places = asyncio.Semaphore(share_of(CONNECTIONS, processes))

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        """Ask each question by its vantage's own transport; the answers come in the order of the questions."""
        plain = [question for question in questions if question.vantage.transport == "udp"]
        others = [question for question in questions if question.vantage.transport != "udp"]
        if not others:
            return await self._transport.ask_many(plain)
        over_udp, rest = await asyncio.gather(
            self._transport.ask_many(plain), asyncio.gather(*(self._ask_encrypted(question) for question in others))
        )
        first, second = iter(over_udp), iter(rest)
        return [next(first) if question.vantage.transport == "udp" else next(second) for question in questions]

    async def _ask_encrypted(self, question: DnsQuestion) -> Answer:
        if question.vantage.transport == "tls":
            query = make_query(question.name, question.type, question.manner)
            return await self._transport.ask_stream(question.vantage, question.port, query, self._trusting())
        async with self._places:
            return await self._ask_https(question)

    async def _ask_https(self, question: DnsQuestion) -> Answer:
        vantage, name, record_type = question.vantage, question.name, question.type
        query = make_query(name, record_type, question.manner, mixed_case=False)
        # id 0 and one case, so that a cache on the way may serve it (RFC 8484 §4.1)
        wire = b"\x00\x00" + query.wire[2:]
        encoded = base64.urlsafe_b64encode(wire).rstrip(b"=").decode("ascii")
        host = f"[{vantage.address}]" if ":" in vantage.address else vantage.address
        writer: asyncio.StreamWriter | None = None
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._timeout_seconds):
                reader, writer = await asyncio.open_connection(
                    vantage.address, question.port, ssl=self._trusting(), limit=http1.MAX_HEADER_OCTETS
                )
                status, _, body = await http1.exchange(
                    reader, writer, host, Probe("GET", f"{question.path}?dns={encoded}")
                )
            if status != 200:
                return NoUsableReply(name, record_type, vantage, "unreachable", f"HTTP {status}")
            reply = decode(query.wire[:2] + body[2:], query, vantage, seconds=time.monotonic() - started)
        except TimeoutError:
            return NoUsableReply(name, record_type, vantage, "timeout")
        except (OSError, EOFError, http1.MalformedAnswerError, NotOurAnswerError) as error:
            return NoUsableReply(name, record_type, vantage, "unreachable", error_text(error))
        finally:
            if writer is not None:
                await close_connection(writer)
        self._reached.add("https", vantage.address)
        return reply

    def _trusting(self) -> ssl.SSLContext:
        if self._context is None:
            self._context = trusting_context()
            if self._ca is not None:
                self._context.load_verify_locations(cafile=str(self._ca))
        return self._context
