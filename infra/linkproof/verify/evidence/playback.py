"""A recording in place of the outside: it answers what was asked then."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linkproof.verify.evidence.folder import DamagedEvidenceError, RecordedRound, Recording
from linkproof.verify.observations.answer import NoUsableReply
from linkproof.verify.observations.edge import HttpObservation, TlsObservation
from linkproof.verify.observations.vantage import Reachability, Vantage
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import Query
from linkproof.verify.observe.edge.certificate_reader import parse_certificate
from linkproof.verify.observe.port import Moment, edge_key, question_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from linkproof.verify.evidence.lines import AskedLine, HttpLine, TlsLine
    from linkproof.verify.marks import Probe
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import PresentedCertificate
    from linkproof.verify.observations.vantage import Transport
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.port import Port
    from linkproof.verify.result import Cell
    from linkproof.verify.survey.memory import RunMemory


_NOT_ASKED = "the evidence folder has no answer to this: it was not asked in that run"


class ReplaySession:
    """Plays the rounds of a recording back, one after the other."""

    walker = None

    def __init__(self, recording: Recording, folder: Path) -> None:
        self.roots = recording.roots
        self._recording, self._folder, self._next = recording, folder, 0

    def next_port(self) -> Port:
        self._next += 1
        return ReplayPort(self._recording.rounds[: self._next], self._recording.packets, self._folder)

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:  # noqa: ARG002 - a live session needs them
        return self._next < len(self._recording.rounds)

    def end(self, rounds: int, memory: RunMemory) -> dict[str, float]:  # noqa: ARG002 - the run's own timing is what took place
        return self._recording.timing


class ReplayPort:
    """Answers from a recording.

    Args:
        rounds: up to the one that is played back; an earlier one answers what only newer rules ask again.
        packets: question and answer by line.
        folder: named in errors.
    """

    queries = strays = 0

    def __init__(self, rounds: list[RecordedRound], packets: Mapping[int, tuple[bytes, bytes]], folder: Path) -> None:
        self._rounds, self._packets, self._folder = rounds, packets, folder
        self._numbers: Counter[str] = Counter()
        self._answered: set[tuple[Transport, str]] = set()

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        return [self._answer(question_key(one), one.vantage, one.name, one.type) for one in questions]

    def forget(self, questions: Iterable[DnsQuestion]) -> None:
        """The recording is kept whole."""

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        line: TlsLine | None = self._find("handshakes", edge_key("https", host, address, probe))
        if line is None:
            return TlsObservation(Vantage("edge", host, address, "tls"), "unreachable", _NOT_ASKED), None
        return self._handshake(line.observation), line.answer

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        line: HttpLine | None = self._find("requests", edge_key("http", host, address, probe))
        if line is None:
            vantage = Vantage("edge", host, address, "http")
            return HttpObservation(vantage, "unreachable", f"http://{host}{probe.public_path}", _NOT_ASKED)
        return line.observation

    async def pause(self, seconds: float) -> None:
        """What was asked later is there already."""

    async def close(self) -> None:
        """Nothing is open."""

    def moment(self, stage: str) -> Moment:
        current = self._rounds[-1].moments
        line = current.get(stage) or next(reversed(current.values()), None)
        if line is None:
            raise DamagedEvidenceError(self._folder, "a round was never judged: the run was interrupted")
        if line.is_whole:
            return Moment(line.now, Reachability(frozenset(line.reached)))
        self._answered |= set(line.reached)
        return Moment(line.now, Reachability(frozenset(self._answered)))

    def _answer(self, key: str, vantage: Vantage, name: str, record_type: str) -> Answer:
        line: AskedLine | None = self._find("answers", key)
        if line is None:
            return NoUsableReply(name, record_type, vantage, "unreachable", _NOT_ASKED)
        there = replace(vantage, address=line.vantage.address, transport=line.vantage.transport)
        if line.no_reply is not None:
            said = line.no_reply
            return NoUsableReply(
                line.name, line.type, there, said.kind, said.detail, said.ignored_packets, said.malformed_packets
            )
        query, packet = self._packets[line.packet or 0]
        try:
            reply = decode(packet, _query(line.name, line.type, query), there)
        except (NotOurAnswerError, ValueError) as error:
            raise DamagedEvidenceError(self._folder, f"packet {line.packet} cannot be read: {error}") from error
        return replace(reply, **line.beside.model_dump())

    def _handshake(self, seen: TlsObservation) -> TlsObservation:
        """Certificates are read again, by this version's reader."""
        other = self._handshake(seen.other) if seen.other else None
        return replace(seen, served=self._chain(seen.served), path=self._chain(seen.path), other=other)

    def _chain(self, chain: tuple[PresentedCertificate, ...]) -> tuple[PresentedCertificate, ...]:
        try:
            return tuple(parse_certificate(one.der) for one in chain)
        except ValueError as error:
            raise DamagedEvidenceError(self._folder, f"a certificate cannot be read: {error}") from error

    def _find(self, what: str, key: str) -> Any:
        """The outcome of the same question, the same time round; else its last one."""
        self._numbers[key] += 1
        for tape in reversed(self._rounds):
            found = getattr(tape, what).get(key)
            if found:
                return found.get(self._numbers[key]) or found[max(found)]
        return None


def _query(name: str, record_type: str, wire: bytes) -> Query:
    """The question as it was sent."""
    import dns.exception
    import dns.message
    import dns.name
    import dns.rdatatype

    try:
        message = dns.message.from_wire(wire)
        question_end = 16 + len(message.question[0].name.to_wire() or b"")
        dns.name.from_text(name), dns.rdatatype.from_text(record_type)  # as decoding will
    except (dns.exception.DNSException, IndexError) as error:
        raise ValueError(f"the question: {error}") from error
    return Query(name, record_type, message.id, wire, wire[12:question_end], message.edns >= 0)
