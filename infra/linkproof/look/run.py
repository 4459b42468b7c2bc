"""Recognise, derive what must hold, and judge it: one run over one port, so that nothing is asked twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from linkproof.look.recognise import Recognised, recognise
from linkproof.look.wanted import wanted
from linkproof.verify.clock import Clock, SystemClock
from linkproof.verify.observe.dns.walk import Walker
from linkproof.verify.run import LiveSession
from linkproof.verify.survey.rounds import conduct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.expectations.model import Expectations
    from linkproof.verify.evidence.writer import EvidenceWriter
    from linkproof.verify.observe.port import Port
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell, VerificationResult
    from linkproof.verify.survey.memory import RunMemory


@dataclass(frozen=True, slots=True)
class Looked:
    """The end of one look.

    Args:
        seen: what each host is, in the order in which they were given.
        expectations: what was then judged.
    """

    seen: tuple[Recognised, ...]
    expectations: Expectations
    result: VerificationResult


def look(
    hosts: Sequence[str],
    options: VerifyOptions,
    *,
    progress: Callable[[str], None] | None = None,
    clock: Clock | None = None,
) -> Looked:
    """Look at hosts. Reads only: DNS queries, handshakes, and requests that leave no event.

    Args:
        hosts: as they go on the wire, without trailing dots, each once.
        options: whom to ask; there is one round, whatever `wait_seconds` says.

    Raises:
        LinkproofError: as `verify`.
    """
    from linkproof.verify.event_loop import run
    from linkproof.verify.evidence.writer import EvidenceWriter

    evidence = EvidenceWriter(options.save)
    try:
        session = LiveSession(options, evidence, clock or SystemClock())
        looked = run(_look(list(hosts), options, session, evidence, progress or _silent))
    finally:
        evidence.close()
    return replace(looked, result=replace(looked.result, unwritten=evidence.failure)) if evidence.failure else looked


def recognised(hosts: Sequence[str], options: VerifyOptions) -> list[Recognised]:
    """What each host is, without judging it.

    Raises:
        LinkproofError: the hints or trust file is unusable.
    """
    from linkproof.verify.event_loop import run
    from linkproof.verify.evidence.writer import EvidenceWriter

    session = LiveSession(options, EvidenceWriter(None), SystemClock())

    async def work() -> list[Recognised]:
        port = session.next_port()
        try:
            return await recognise(hosts, port, Walker(port, session.roots, options.dns_port))
        finally:
            await port.close()

    return run(work())


async def _look(
    hosts: list[str],
    options: VerifyOptions,
    session: LiveSession,
    evidence: EvidenceWriter,
    progress: Callable[[str], None],
) -> Looked:
    port = session.next_port()
    progress(f"recognising {len(hosts)} hosts")
    try:
        walker = Walker(port, session.roots, options.dns_port)
        seen = tuple(await recognise(hosts, port, walker))
        expectations = wanted(seen)
        evidence.begin(expectations, options, session.roots, {})
    except BaseException:
        await port.close()
        raise
    result = await conduct(expectations, options, _OneRound(session, port, walker), {}, progress)
    return Looked(seen, expectations, result)


class _OneRound:
    """The rest of a run whose only round has begun."""

    def __init__(self, session: LiveSession, port: Port, walker: Walker) -> None:
        self.roots, self._session, self._port, self.walker = session.roots, session, port, walker

    def next_port(self) -> Port:
        return self._port

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:  # noqa: ARG002 - the protocol's
        return False

    def end(self, rounds: int, memory: RunMemory) -> dict[str, float]:
        return self._session.end(rounds, memory)


def _silent(_: str) -> None:
    return None
