"""Round after round, until all is right or the session ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.port import Port
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell, CouldNotCheck, VerificationResult
    from linkproof.verify.survey.memory import RoundScope, RunMemory


class Session(Protocol):
    """A run, live or played back: who is asked in each round, and whether there is another."""

    roots: tuple[ServerAddress, ...]

    def next_port(self) -> Port: ...

    @property
    def walker(self) -> Walker | None:
        """One that has walked through the next port already; None for a fresh one."""

    async def goes_on(self, cells: Mapping[str, list[Cell]], waiting: int, progress: Callable[[str], None]) -> bool:
        """Wait for the next round; False when there is none."""

    def end(self, rounds: int, memory: RunMemory) -> dict[str, float]:
        """The timing of the run."""


async def conduct(
    expectations: Expectations,
    options: VerifyOptions,
    session: Session,
    places: dict[str, str],
    progress: Callable[[str], None],
) -> VerificationResult:
    """Round after round until all is right or the session ends, then the conclusion."""
    from linkproof.verify.conclude.by_hand import ByHand
    from linkproof.verify.conclude.reproduce import Reproducer
    from linkproof.verify.conclude.verdict import conclude
    from linkproof.verify.result import CouldNotCheck
    from linkproof.verify.survey.memory import RoundScope, RunMemory
    from linkproof.verify.survey.survey import Survey

    memory = RunMemory()
    chosen = RoundScope(expectations.records, expectations.caa, expectations.endpoints)
    cells: dict[str, list[Cell]] = {}
    rounds = 0
    while True:
        # Delegations may change while we wait, so each round walks again.
        port = session.next_port()
        survey = Survey(
            expectations,
            options,
            roots=session.roots,
            port=port,
            memory=memory,
            progress=progress,
            walker=session.walker,
        )
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


def _not_yet_right(
    expectations: Expectations, cells: Mapping[str, list[Cell]], zone_of: Mapping[str, str]
) -> RoundScope:
    """What another round could change: its own cells, or those of the zone it stands in."""
    from linkproof.verify.ids import canaries_id, undeclared_zone_id
    from linkproof.verify.survey.memory import RoundScope

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
    return RoundScope(
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
