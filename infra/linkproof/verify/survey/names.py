"""The names of one round at their authoritative servers; resolvers are asked ahead for what is right everywhere."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.ids import undeclared_zone_id
from linkproof.verify.judge.answer_text import with_record_evidence, with_zone_evidence
from linkproof.verify.judge.dns_health import judge_parents
from linkproof.verify.judge.dns_record import judge_record
from linkproof.verify.judge.dns_server import healthy_servers, judge_zone
from linkproof.verify.judge.dns_target_zone import judge_target_zone
from linkproof.verify.judge.interception import judge_interception
from linkproof.verify.judge.ranges import judge_ranges, published_ranges
from linkproof.verify.judge.subject import FindingSubject
from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import ServerAddress, Vantage
from linkproof.verify.observe.concurrency import concurrent_map
from linkproof.verify.observe.dns.health import observe_health
from linkproof.verify.observe.dns.records import (
    MOST_REPEATS,
    RecordInZone,
    observe_records,
    pairs_of,
    questions_about,
    repeats_about,
    repeats_for,
)
from linkproof.verify.observe.dns.targets import observe_targets
from linkproof.verify.observe.dns.zones import observe_apex
from linkproof.verify.survey.company import ALONE
from linkproof.verify.survey.resolvers import deciding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.expectations.model import Expectations, RecordExpectation
    from linkproof.verify.judge.record_context import Signatures
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.record import RecordObservation
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.dns.zone_cut import ZoneCut
    from linkproof.verify.observe.port import Moment, Port
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell
    from linkproof.verify.survey.company import Company
    from linkproof.verify.survey.memory import RoundScope, RunMemory
    from linkproof.verify.survey.record_contexts import RecordContexts
    from linkproof.verify.survey.resolvers import ResolverSurvey

# Records that are asked for together, and how many such groups at a time: enough to keep the window of a server full, and no more, so that
# nothing that somebody waits for stands long behind them.
_RECORDS_TOGETHER, _GROUPS_AT_A_TIME = 50, 8
REPEATS_ID = "answers"


class NameSurvey:
    """Asks and judges the names of one round.

    Args:
        expectations: all of them.
        options: whom to ask.
        surroundings: of the records.
        resolvers: asked ahead.
        walker: finds zones and their servers.
        port: asks, or plays back what was asked once.
        memory: shared between rounds.
        company: with whom it asks.
    """

    def __init__(
        self,
        expectations: Expectations,
        options: VerifyOptions,
        *,
        surroundings: RecordContexts,
        resolvers: ResolverSurvey,
        walker: Walker,
        port: Port,
        memory: RunMemory,
        progress: Callable[[str], None],
        company: Company = ALONE,
    ) -> None:
        self._company = company
        self._options, self._memory = options, memory
        self._walker, self._port, self._progress = walker, port, progress
        self._surroundings, self._resolvers = surroundings, resolvers
        self._providers = {
            f"{item.host}.": item.edge for item in expectations.endpoints if item.edge and not item.standby
        }
        self._settled: dict[str, list[Cell]] = {}
        # it lists every record of the zone, so it is not made anew for each of them
        self._subjects: dict[str, FindingSubject] = {}
        # by record, where its CNAME leads, and what is wrong with its zone's delegation
        self.targets: dict[str, Resolved | None] = {}
        self.doubts: dict[str, list[Cell]] = {}
        self.repeats = MOST_REPEATS
        self._doubts_of_zone: dict[str, list[Cell]] = {}

    async def authorities(self, chosen: RoundScope, control: asyncio.Future[Answer | None]) -> dict[str, list[Cell]]:
        """The cells of records and zones.

        Args:
            control: the answer of nobody: where there is one, no resolver can be asked over UDP.
        """
        self._progress(f"walking to the zones of {len(chosen.records)} records")
        cuts = await self._walker.cuts_of([record.name for record in chosen.records])
        by_name: dict[str, ZoneCut] = {cut.name: cut for cut in cuts}
        families: dict[str, set[int]] = {name: set() for name in by_name}
        for record, cut in zip(chosen.records, cuts, strict=True):
            families[cut.name] |= set(record.families)
        self._memory.zone_of |= {record.id: cut.name for record, cut in zip(chosen.records, cuts, strict=True)}
        self._progress(
            f"asking {sum(len(cut.servers) for cut in by_name.values())} server addresses of {len(by_name)} zones"
        )
        found = await asyncio.gather(
            *(observe_apex(self._walker, cut, tuple(sorted(families[name]))) for name, cut in by_name.items())
        )
        apexes = {apex.name: apex for apex in found}
        healthy = {apex.name: healthy_servers(apex) for apex in found}
        placed = [
            RecordInZone(record, apexes[cut.name], healthy[cut.name])
            for record, cut in zip(chosen.records, cuts, strict=True)
        ]
        whole = {
            name: asyncio.ensure_future(observe_health(self._walker, by_name[name], apex))
            for name, apex in apexes.items()
        }
        try:
            answers = await self._observe(placed, cuts, whole, control)
            seen = await asyncio.gather(*whole.values())
            leads = {record.id: one.target for record, one in zip(chosen.records, answers, strict=True)}
            beyond, passed = await observe_targets(self._walker, leads, apexes)
        finally:
            for one in whole.values():
                one.cancel()
        await self._company.meet("authorities", None)
        moment = self._port.moment("authorities")
        cells: dict[str, list[Cell]] = {}
        at_address: dict[str, dict[str, Cell]] = {}
        with_text = self._options.with_answers
        for zone in seen:
            subject = self._zone_subject(zone.name)
            judged = judge_zone(subject, zone, moment.reach, self._surroundings.zone(zone.name), moment.now)
            cells[subject.id] = with_zone_evidence(judged, zone, with_text=with_text)
            at_address[zone.name] = {
                cell.vantage.address: cell for cell in cells[subject.id] if cell.finding is not None or cell.reason
            }
        for name, zone in beyond.items():
            affects = tuple(sorted(record for record, zones in passed.items() if name in zones))
            declared = self._surroundings.zone(name)
            subject = FindingSubject(declared.id if declared else undeclared_zone_id(name), "", name, "SOA", affects)
            judged = judge_target_zone(subject, zone, moment.reach, moment.now)
            cells[subject.id] = with_zone_evidence(judged, zone, with_text=with_text)
        of_zone = {zone.name: zone for zone in seen} | beyond
        signed = {name: signatures_of(zone, cells[self._zone_subject(name).id]) for name, zone in of_zone.items()}
        negative = {zone.name: negative_seconds(zone) for zone in seen}
        for record, observed in zip(chosen.records, answers, strict=True):
            self.targets[record.id] = observed.target
            on_way = dict.fromkeys([observed.zone.name, *passed.get(record.id, ())])
            shown = {signed[name] for name in on_way if name in signed}
            signatures: Signatures = "broken" if "broken" in shown else "whole" if "whole" in shown else "none"
            self._surroundings.saw(record.id, negative[observed.zone.name], signatures)
            self.doubts[record.id] = self._doubts(observed.zone)
            cells[record.id] = self._judge(record, observed, at_address[observed.zone.name], moment)
        cells[REPEATS_ID] = self._said_of_repeats(chosen)
        return cells

    def _said_of_repeats(self, chosen: RoundScope) -> list[Cell]:
        """What could not be looked for among so many records; nothing unchecked counts as passed."""
        if self.repeats == MOST_REPEATS or not chosen.records:
            return []
        reason = (
            "whether a server gives different answers from one question to the next: with so many records each server was asked "
            f"{self.repeats} times more in the place of {MOST_REPEATS}"
        )
        return [
            FindingSubject(REPEATS_ID, "", "", "DNS").optional(
                Vantage("authoritative", "every server", "", "udp"), reason
            )
        ]

    async def _observe(
        self,
        placed: Sequence[RecordInZone],
        cuts: Sequence[ZoneCut],
        zones: Mapping[str, asyncio.Future[ZoneObservation]],
        control: asyncio.Future[Answer | None],
    ) -> list[RecordObservation]:
        """All records, some at a time; resolvers are asked for the first while authorities are asked for the next.

        Args:
            cuts: of the zone of each.
            zones: what is still being found out about each zone.

        Returns:
            what was seen; of a record that is right already without the answers, which its cells no longer need.
        """
        moment = self._port.moment("zones")
        self._surroundings.begin(moment)
        found: dict[int, RecordObservation] = {}
        ahead: list[asyncio.Task[None]] = []
        self.repeats = repeats_for(sum(await self._company.meet("zones", pairs_of(placed))))

        async def observe(positions: Sequence[int]) -> None:
            some = [placed[position] for position in positions]
            ahead.append(
                asyncio.ensure_future(finish(positions, await observe_records(self._walker, some, self.repeats)))
            )

        async def finish(positions: Sequence[int], seen: Sequence[RecordObservation]) -> None:
            some = [replace(one, zone=await zones[one.zone.name]) for one in seen]
            records = [placed[position].record for position in positions]
            may_be_asked = self._settle(records, some, moment)
            for position, one in zip(positions, some, strict=True):
                is_settled = placed[position].record.id in self._settled
                found[position] = self._spared(placed[position], cuts[position], one) if is_settled else one
            targets = {record.id: one.target for record, one in zip(records, some, strict=True)}
            await self._ask_ahead(may_be_asked, targets, moment, control)

        try:
            await concurrent_map(_groups([one.record.name for one in placed]), observe, _GROUPS_AT_A_TIME)
            await asyncio.gather(*ahead)
        finally:
            for one in ahead:
                one.cancel()
            await asyncio.gather(*ahead, return_exceptions=True)
        return [found[position] for position in range(len(placed))]

    def _settle(
        self, records: Sequence[RecordExpectation], seen: Sequence[RecordObservation], moment: Moment
    ) -> list[RecordExpectation]:
        """Keep the cells of records that are right everywhere; and give those of names for which a resolver may be asked already.

        A name that leads to another declared one waits until that one is judged as well.
        """
        right: dict[str, list[Cell]] = {}
        for record, observed in zip(records, seen, strict=True):
            if record.served == "as-declared":
                cells = judge_record(record, observed, self._surroundings.context(record, moment), {})
                if cells and all(cell.state in {"right", "optional"} for cell in cells):
                    right[record.id] = self._with_evidence(cells, observed)
        self._settled |= right
        waiting = {
            record.name
            for record, observed in zip(records, seen, strict=True)
            if not deciding(right.get(record.id, ()))
            or self._doubts(observed.zone)
            or len(self._surroundings.passed(record, observed.target)) > 1
        }
        return [record for record in records if record.name not in waiting]

    def _spared(self, placed: RecordInZone, cut: ZoneCut, seen: RecordObservation) -> RecordObservation:
        """Forget what was answered about a record that is right; an endpoint there asks the first server for its addresses as well."""
        name = placed.record.name
        walker = self._walker
        first = [
            walker.question(server, name, what) for server in walker.in_turn(cut, name)[:1] for what in ("A", "AAAA")
        ]
        asked = questions_about(walker, placed)
        asked += [one for server in seen.answers for one in repeats_about(walker, placed, server, self.repeats)]
        questions = [one for one in asked if one not in first]
        if isinstance(below := seen.wildcard, Reply):
            there = ServerAddress(below.vantage.server, below.vantage.address)
            questions.append(walker.question(there, below.name, below.type))
        walker.forget(questions)
        return replace(seen, answers={}, wildcard=None)

    def _with_evidence(self, cells: list[Cell], seen: RecordObservation) -> list[Cell]:
        return with_record_evidence(cells, seen.answers.values(), seen.target, with_text=self._options.with_answers)

    def _doubts(self, zone: ZoneObservation) -> list[Cell]:
        """A server above that does not know of the zone makes resolvers believe that nothing in it exists."""
        if zone.name not in self._doubts_of_zone:
            cells = judge_parents(self._zone_subject(zone.name), zone) if zone.parent_vantage else []
            errors = [cell for cell in cells if cell.finding is not None and cell.finding.severity == "error"]
            self._doubts_of_zone[zone.name] = errors
        return self._doubts_of_zone[zone.name]

    async def _ask_ahead(
        self,
        records: Sequence[RecordExpectation],
        targets: Mapping[str, Resolved | None],
        moment: Moment,
        control: asyncio.Future[Answer | None],
    ) -> None:
        if self._options.resolvers and records and not judge_interception(await control):
            await self._resolvers.ask_ahead(records, targets, moment)

    def _judge(
        self, record: RecordExpectation, seen: RecordObservation, zone_cells: dict[str, Cell], moment: Moment
    ) -> list[Cell]:
        if (settled := self._settled.pop(record.id, None)) is not None:
            return settled
        cells = judge_record(record, seen, self._surroundings.context(record, moment), zone_cells)
        if any(cell.state == "lagging" for cell in cells):
            self._memory.last_seen_old[record.id] = moment.now
        provider = self._providers.get(record.name)
        if (
            record.served == "proxied"
            and provider
            and self._options.check_ranges
            and (ranges := published_ranges(provider))
        ):
            cells += judge_ranges(record, seen, ranges, provider)
        return self._with_evidence(cells, seen)

    def _zone_subject(self, name: str) -> FindingSubject:
        if (known := self._subjects.get(name)) is not None:
            return known
        declared = self._surroundings.zone(name)
        affects = tuple(sorted(record_id for record_id, zone in self._memory.zone_of.items() if zone == name))
        found = self._subjects[name] = FindingSubject(
            declared.id if declared else undeclared_zone_id(name),
            declared.path if declared else "",
            name,
            "SOA",
            affects,
        )
        return found


def negative_seconds(zone: ZoneObservation) -> int:
    """How long some resolver may keep a denial by this zone: the greater of the SOA's TTL and its MINIMUM, for only some take the lesser."""
    found = [0]
    for answer in zone.soa.values():
        for item in answer.answer if isinstance(answer, Reply) else ():
            fields = item.value.split()
            if item.type == "SOA" and len(fields) == 7 and fields[6].isdigit():
                found += [item.ttl_seconds, int(fields[6])]
    return max(found)


def signatures_of(zone: ZoneObservation, cells: Sequence[Cell]) -> Signatures:
    """What the zone's own servers show of its signatures."""
    if not zone.is_signed:
        return "none"
    findings = [cell.finding for cell in cells if cell.finding is not None]
    return "broken" if any(finding.rule.startswith("dns.dnssec-") for finding in findings) else "whole"


def _groups(names: Sequence[str]) -> list[list[int]]:
    """Positions, so many together; a name is never divided, for one of its records decides about all."""
    of_name: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        of_name.setdefault(name, []).append(position)
    groups: list[list[int]] = []
    for positions in of_name.values():
        if not groups or len(groups[-1]) >= _RECORDS_TOGETHER:
            groups.append([])
        groups[-1] += positions
    return groups
