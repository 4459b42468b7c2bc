"""Verify expectations from the outside: ask, judge, wait for what is late, and conclude."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from infra.expectations.model import Expectations
    from infra.verify.observe.evidence import Evidence
    from infra.verify.options import VerifyOptions
    from infra.verify.result import Cell, CouldNotCheck, Result
    from infra.verify.survey import Chosen

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
        LinkproofError: the hints file, the trust file or the evidence folder is unusable. What servers do never raises.
    """
    import asyncio

    from infra.verify.observe.evidence import Evidence

    evidence = Evidence(options.save)
    try:
        return asyncio.run(
            _verify(expectations, options, evidence, dict(places or {}), progress or _silent, clock or SystemClock())
        )
    finally:
        evidence.close()


async def _verify(
    expectations: Expectations,
    options: VerifyOptions,
    evidence: Evidence,
    places: dict[str, str],
    progress: Callable[[str], None],
    clock: Clock,
) -> Result:
    from infra.verify.observe.certificates import verifying_context
    from infra.verify.observe.hints import load_hints
    from infra.verify.result import conclude
    from infra.verify.survey import Chosen, Memory, Survey

    roots, verifying, memory = load_hints(options.hints), verifying_context(options.ca), Memory()
    started, begun = time.monotonic(), clock.now()
    chosen = Chosen(expectations.records, expectations.caa, expectations.endpoints)
    cells: dict[str, list[Cell]] = {}
    pause, rounds = _FIRST_PAUSE_SECONDS, 0
    while True:
        # Delegations may change while we wait, so each round walks again.
        survey = Survey(
            expectations,
            options,
            roots=roots,
            verifying=verifying,
            evidence=evidence,
            memory=memory,
            now=clock.now,
            progress=progress,
        )
        cells |= await survey.run(chosen)
        rounds += 1
        chosen = _not_yet_right(expectations, cells, memory.zone_of)
        left = options.wait_seconds - (clock.now() - begun).total_seconds()
        waiting = len(chosen.records) + len(chosen.caa) + len(chosen.endpoints)
        if not waiting or left <= 0:
            break
        progress(_waiting_for(cells, waiting, left))
        await clock.sleep(min(pause, left))
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
    timing = {
        "total_seconds": round(time.monotonic() - started, 3),
        "rounds": float(rounds),
        "dns_queries": float(memory.queries),
    }
    flat = [cell for group in cells.values() for cell in group]
    return conclude(flat, _unknown(expectations), strict=options.strict, places=places, timing=timing)


def _not_yet_right(expectations: Expectations, cells: Mapping[str, list[Cell]], zone_of: Mapping[str, str]) -> Chosen:
    """What another round could change: its own cells, or those of the zone it stands in."""
    from infra.verify.survey import Chosen
    from infra.verify.values import undeclared_zone_id

    zone_ids = {zone.name: zone.id for zone in expectations.zones}

    def waits(expectation_id: str) -> bool:
        return any(
            cell.state not in {"right", "optional"} and cell.can_change for cell in cells.get(expectation_id, ())
        )

    def zone_waits(record_id: str) -> bool:
        name = zone_of.get(record_id, "")
        return waits(zone_ids.get(name, undeclared_zone_id(name)))

    return Chosen(
        tuple(record for record in expectations.records if waits(record.id) or zone_waits(record.id)),
        tuple(item for item in expectations.caa if waits(item.id)),
        tuple(endpoint for endpoint in expectations.endpoints if waits(endpoint.id)),
    )


def _unknown(expectations: Expectations) -> list[CouldNotCheck]:
    from infra.verify.result import CouldNotCheck

    unknown = [CouldNotCheck(item.id, None, item.reason) for item in expectations.pending]
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
