"""Round after round, until all is right or the session ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from linkproof.verify.survey.company import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from linkproof.expectations.model import Expectations
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.port import Port
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell, CouldNotCheck, VerificationResult
    from linkproof.verify.survey.company import Company
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


@dataclass(frozen=True, slots=True)
class Looked:
    """What all rounds of a run showed.

    Args:
        cells: the last of each id.
        rounds: how many there were.
    """

    cells: dict[str, list[Cell]]
    rounds: int
    memory: RunMemory


async def conduct(
    expectations: Expectations,
    options: VerifyOptions,
    session: Session,
    places: Mapping[str, str],
    progress: Callable[[str], None],
) -> VerificationResult:
    """Survey until nothing is left that waiting could change, and conclude.

    Args:
        places: declaration key → `file:line:column`.
        progress: is told what is being done.
    """
    looked = await look(expectations, options, session, progress)
    return conclusion(expectations, options, looked.cells, session.end(looked.rounds, looked.memory), places)


async def look(
    expectations: Expectations,
    options: VerifyOptions,
    session: Session,
    progress: Callable[[str], None],
    share: RoundScope | None = None,
    company: Company = ALONE,
) -> Looked:
    """Survey until nothing is left that waiting could change.

    Args:
        share: what of the expectations is asked about; all of it by default.
        company: who asks about the rest.
    """
    from linkproof.verify.survey.memory import RoundScope, RunMemory
    from linkproof.verify.survey.survey import Survey

    memory = RunMemory()
    share = share or RoundScope(expectations.records, expectations.caa, expectations.endpoints)
    chosen = share
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
            company=company,
        )
        try:
            cells |= await survey.run(chosen)
        finally:
            await port.close()
        rounds += 1
        chosen = _not_yet_right(expectations, share, cells, memory.zone_of)
        waiting = len(chosen.records) + len(chosen.caa) + len(chosen.endpoints)
        if not waiting or not await session.goes_on(cells, waiting, progress):
            return Looked(cells, rounds, memory)


def conclusion(
    expectations: Expectations,
    options: VerifyOptions,
    cells: Mapping[str, list[Cell]],
    timing: dict[str, float],
    places: Mapping[str, str],
) -> VerificationResult:
    """What the cells of all expectations say together."""
    from linkproof.verify.conclude.by_hand import ByHand
    from linkproof.verify.conclude.reproduce import Reproducer
    from linkproof.verify.conclude.verdict import conclude
    from linkproof.verify.result import CouldNotCheck

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
    expectations: Expectations, share: RoundScope, cells: Mapping[str, list[Cell]], zone_of: Mapping[str, str]
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
    for endpoint in share.endpoints:
        followed, again = cells.get(canaries_id(endpoint)), waits(canaries_id(endpoint))
        if waits(endpoint.id) or again:
            # what has been seen right is not clicked again
            endpoints.append(endpoint.model_copy(update={"canaries": ()}) if followed and not again else endpoint)
    return RoundScope(
        tuple(record for record in share.records if waits(record.id) or zone_waits(record.id)),
        tuple(item for item in share.caa if waits(item.id)),
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
