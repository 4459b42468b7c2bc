"""Verify expectations from the outside: ask, judge, wait for what is late, and conclude."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.clock import Clock, SystemClock
from linkproof.verify.survey.rounds import conduct

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.verify.evidence.writer import EvidenceWriter
    from linkproof.verify.observations.sent import SentRequest
    from linkproof.verify.observe.live_port import LivePort
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell, VerificationResult
    from linkproof.verify.survey.memory import RunMemory

# Between two polls: quick at first, then no more often than a server with hundreds of names would notice.
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 15.0


def verify(
    expectations: Expectations,
    options: VerifyOptions,
    *,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
    clock: Clock | None = None,
) -> VerificationResult:
    """Check everything that is expected and conclude. Reads only: DNS queries, handshakes, GET and HEAD.

    Args:
        expectations: what must be true outside.
        options: whom to ask, and how long.
        places: declaration key → `file:line:column`.
        progress: is told what is being done, one line at a time.
        clock: time; the machine's by default.

    Raises:
        LinkproofError: the hints file, the trust file or the evidence folder is unusable. What servers do never raises; evidence
            that could not be kept to its end is said in the result.
    """
    from linkproof.verify.event_loop import run
    from linkproof.verify.evidence.writer import EvidenceWriter

    evidence = EvidenceWriter(options.save)
    try:
        session = LiveSession(options, evidence, clock or SystemClock())
        evidence.begin(expectations, options, session.roots, places or {})
        result = run(conduct(expectations, options, session, dict(places or {}), progress or _silent))
    finally:
        evidence.close()
    return replace(result, requests=tuple(session.sent), unwritten=evidence.failure)


class LiveSession:
    """Asks over the network, and polls while `--wait` lasts."""

    walker = None

    def __init__(self, options: VerifyOptions, evidence: EvidenceWriter, clock: Clock, processes: int = 1) -> None:
        from linkproof.verify.observe.dns.root_hints import load_hints
        from linkproof.verify.observe.edge.certificates import verifying_context

        self.roots, self._verifying = load_hints(options.hints), verifying_context(options.ca)
        self._options, self._evidence, self._clock = options, evidence, clock
        self._processes = processes
        self._started, self._begun = time.monotonic(), clock.now()
        self._pause = _FIRST_PAUSE_SECONDS
        self.sent: list[SentRequest] = []

    def next_port(self) -> LivePort:
        from linkproof.verify.observe.live_port import LivePort

        self._evidence.round()
        return LivePort(self._options, self._verifying, self._evidence, self._clock, self.sent, self._processes)

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:
        left = self._options.wait_seconds - (self._clock.now() - self._begun).total_seconds()
        if left <= 0:
            return False
        progress(_waiting_for(cells, waiting, left))
        await self._clock.sleep(min(self._pause, left))
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return True

    def end(self, rounds: int, memory: RunMemory) -> dict[str, float]:
        total = round(time.monotonic() - self._started, 3)
        timing = {"total_seconds": total, "rounds": float(rounds), "dns_queries": float(memory.queries)}
        timing["stray_packets"] = float(memory.strays)
        self._evidence.end(timing)
        return timing


def _waiting_for(cells: Mapping[str, list[Cell]], waiting: int, left_seconds: float) -> str:
    untils = [cell.until for group in cells.values() for cell in group if cell.until is not None]
    latest = f", the last of them may be old until {max(untils):%H:%M:%S} UTC" if untils else ""
    return f"waiting for {waiting} expectations, at most {left_seconds:.0f} s more{latest}"


def _silent(_: str) -> None:
    return None
