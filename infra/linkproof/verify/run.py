"""Verify expectations from the outside: ask, judge, wait for what is late, and conclude."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.verify.observations import ServerAddress
    from linkproof.verify.observe.evidence import Evidence
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.port import Port
    from linkproof.verify.result import Cell, CouldNotCheck, Result
    from linkproof.verify.round import Chosen, Memory

# Between two polls: quick at first, then no more often than a server with hundreds of names would notice.
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 15.0


class Clock(Protocol):
    """Time, so that a test need not wait for it."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        import asyncio

        await asyncio.sleep(seconds)


def verify(
    expectations: Expectations,
    options: VerifyOptions,
    *,
    places: Mapping[str, str] | None = None,
    progress: Callable[[str], None] | None = None,
    clock: Clock | None = None,
) -> Result:
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
    from linkproof.verify.loop import run
    from linkproof.verify.observe.evidence import Evidence

    evidence = Evidence(options.save)
    try:
        session = LiveSession(options, evidence, clock or SystemClock())
        evidence.begin(expectations, options, session.roots, places or {})
        result = run(conduct(expectations, options, session, dict(places or {}), progress or _silent))
    finally:
        evidence.close()
    return replace(result, unwritten=evidence.failure) if evidence.failure else result


class Session(Protocol):
    """A run, live or played back: who is asked in each round, and whether there is another."""

    roots: tuple[ServerAddress, ...]

    def next_port(self) -> Port: ...

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:
        """Wait for the next round; False when there is none."""

    def end(self, rounds: int, memory: Memory) -> dict[str, float]:
        """The timing of the run."""


class LiveSession:
    """Asks over the network, and polls while `--wait` lasts."""

    def __init__(self, options: VerifyOptions, evidence: Evidence, clock: Clock) -> None:
        from linkproof.verify.observe.certificates import verifying_context
        from linkproof.verify.observe.hints import load_hints

        self.roots, self._verifying = load_hints(options.hints), verifying_context(options.ca)
        self._options, self._evidence, self._clock = options, evidence, clock
        self._started, self._begun = time.monotonic(), clock.now()
        self._pause = _FIRST_PAUSE_SECONDS

    def next_port(self) -> Port:
        from linkproof.verify.live import LivePort

        self._evidence.round()
        return LivePort(self._options, self._verifying, self._evidence, self._clock)

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:
        left = self._options.wait_seconds - (self._clock.now() - self._begun).total_seconds()
        if left <= 0:
            return False
        progress(_waiting_for(cells, waiting, left))
        await self._clock.sleep(min(self._pause, left))
        self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
        return True

    def end(self, rounds: int, memory: Memory) -> dict[str, float]:
        total = round(time.monotonic() - self._started, 3)
        timing = {"total_seconds": total, "rounds": float(rounds), "dns_queries": float(memory.queries)}
        timing["stray_packets"] = float(memory.strays)
        self._evidence.end(timing)
        return timing


async def conduct(
    expectations: Expectations,
    options: VerifyOptions,
    session: Session,
    places: dict[str, str],
    progress: Callable[[str], None],
) -> Result:
    """Round after round until all is right or the session ends, then the conclusion."""
    from linkproof.verify.by_hand import ByHand
    from linkproof.verify.reproduce import Reproducer
    from linkproof.verify.result import CouldNotCheck, conclude
    from linkproof.verify.round import Chosen, Memory
    from linkproof.verify.survey import Survey

    memory = Memory()
    chosen = Chosen(expectations.records, expectations.caa, expectations.endpoints)
    cells: dict[str, list[Cell]] = {}
    rounds = 0
    while True:
        # Delegations may change while we wait, so each round walks again.
        port = session.next_port()
        survey = Survey(expectations, options, roots=session.roots, port=port, memory=memory, progress=progress)
        try:
            cells |= await survey.run(chosen)
        finally:
            await port.close()
        rounds += 1
        chosen = _not_yet_right(expectations, cells, memory.zone_of)
        waiting = len(chosen.records) + len(chosen.caa) + len(chosen.endpoints)
        if not waiting or not await session.goes_on(cells, waiting, progress):
            break
    timing = session.end(rounds, memory)
    by_hand = ByHand(expectations)
    flat = by_hand.told(cell for group in cells.values() for cell in group)
    parts = (expectations.zones, expectations.records, expectations.caa, expectations.endpoints)
    return conclude(
        flat,
        _unknown(expectations),
        unprobed=[CouldNotCheck(item.id, None, item.reason) for item in expectations.pending if item.by_design],
        by_hand=by_hand.published(flat),
        strict=options.strict,
        places=places,
        timing=timing,
        paths={item.id: item.path for part in parts for item in part},
        reproduce=Reproducer(expectations, options),
    )


def _not_yet_right(expectations: Expectations, cells: Mapping[str, list[Cell]], zone_of: Mapping[str, str]) -> Chosen:
    """What another round could change: its own cells, or those of the zone it stands in."""
    from linkproof.verify.canaries import canaries_id
    from linkproof.verify.round import Chosen
    from linkproof.verify.values import undeclared_zone_id

    zone_ids = {zone.name: zone.id for zone in expectations.zones}

    def waits(expectation_id: str) -> bool:
        return any(
            cell.state not in {"right", "optional"} and cell.can_change for cell in cells.get(expectation_id, ())
        )

    def zone_waits(record_id: str) -> bool:
        name = zone_of.get(record_id, "")
        return waits(zone_ids.get(name, undeclared_zone_id(name)))

    endpoints = []
    for endpoint in expectations.endpoints:
        followed, again = cells.get(canaries_id(endpoint)), waits(canaries_id(endpoint))
        if waits(endpoint.id) or again:
            # what has been seen right is not clicked again
            endpoints.append(endpoint.model_copy(update={"canaries": ()}) if followed and not again else endpoint)
    return Chosen(
        tuple(record for record in expectations.records if waits(record.id) or zone_waits(record.id)),
        tuple(item for item in expectations.caa if waits(item.id)),
        tuple(endpoints),
    )


def _unknown(expectations: Expectations) -> list[CouldNotCheck]:
    from linkproof.verify.result import CouldNotCheck

    unknown = [CouldNotCheck(item.id, None, item.reason) for item in expectations.pending if not item.by_design]
    if not (expectations.records or expectations.endpoints or expectations.caa):
        unknown.append(
            CouldNotCheck(
                "expectations", None, "there is no record and no endpoint in the file, so there is nothing to prove"
            )
        )
    return unknown


def _waiting_for(cells: Mapping[str, list[Cell]], waiting: int, left_seconds: float) -> str:
    untils = [cell.until for group in cells.values() for cell in group if cell.until is not None]
    latest = f", the last of them may be old until {max(untils):%H:%M:%S} UTC" if untils else ""
    return f"waiting for {waiting} expectations, at most {left_seconds:.0f} s more{latest}"


def _silent(_: str) -> None:
    return None
