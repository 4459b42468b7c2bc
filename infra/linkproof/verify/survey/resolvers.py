"""Resolvers in one round: asked for a name once every authority of all that it leads through is right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.judge.answer_text import with_record_evidence
from linkproof.verify.judge.dns_copies import Copies
from linkproof.verify.judge.dns_resolver import judge_resolver, judge_unasked_resolver
from linkproof.verify.judge.record_context import until_of
from linkproof.verify.observations.answer import Reply
from linkproof.verify.observe.dns.resolvers import (
    ask_again,
    ask_records,
    failures,
    questions_about,
    resolver_vantage,
    unchecked_question,
)
from linkproof.verify.survey.company import ALONE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.record import RecordAnswers
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observe.port import Moment, Port
    from linkproof.verify.options import ResolverAddress, VerifyOptions
    from linkproof.verify.result import Cell
    from linkproof.verify.survey.company import Company
    from linkproof.verify.survey.memory import RoundScope, RunMemory
    from linkproof.verify.survey.record_contexts import RecordContexts

# Before what is in doubt is asked again: an expired answer is replaced while the first is given; most failures are forgotten within 6 s.
_PAUSES_SECONDS = (0.5, 1.5, 5.0)
_LAST = len(_PAUSES_SECONDS)


class ResolverSurvey:
    """Asks and judges resolvers.

    Args:
        options: which.
        surroundings: of the records.
        port: asks, or plays back what was asked once.
        memory: shared between rounds.
        company: with whom it asks.
    """

    def __init__(
        self,
        options: VerifyOptions,
        surroundings: RecordContexts,
        *,
        port: Port,
        memory: RunMemory,
        progress: Callable[[str], None],
        company: Company = ALONE,
    ) -> None:
        self._company = company
        self._options, self._surroundings = options, surroundings
        self._port, self._memory, self._progress = port, memory, progress
        # what was right when it was asked ahead, by record and resolver
        self._settled: dict[tuple[str, ResolverAddress], Cell] = {}

    async def ask_ahead(
        self, records: Sequence[RecordExpectation], targets: Mapping[str, Resolved | None], moment: Moment
    ) -> None:
        """Ask for records that are known to be right already, and keep the cells that nothing can change any more.

        Of the others the port keeps the answers, for when they are judged.

        Args:
            targets: by record, where its CNAME leads.
            moment: of what is known so far.
        """
        questions = [(record, resolver) for record in records for resolver in self._options.resolvers]
        asked = await ask_records(self._port, questions, self._surroundings.is_signed)
        for (record, resolver), answers in zip(questions, asked, strict=True):
            # whether an answer must be authentic is known only once the zone is
            if self._surroundings.is_signed(record):
                continue
            cell = judge_resolver(self._copies(record, answers, targets, moment))
            if cell.state == "right" and not cell.warnings:
                with_record_evidence([cell], [answers], with_text=self._options.with_answers)
                self._settled[record.id, resolver] = cell
                self._port.forget(questions_about(record, resolver))

    async def run(
        self,
        chosen: RoundScope,
        cells: Mapping[str, list[Cell]],
        doubts: Mapping[str, list[Cell]],
        targets: Mapping[str, Resolved | None],
    ) -> dict[str, list[Cell]]:
        """The cells of records at resolvers.

        Args:
            cells: those of the authorities.
            doubts: by record, cells of its zone that keep every resolver away from it.
            targets: by record, where its CNAME leads.
        """
        resolvers = self._options.resolvers
        if not resolvers:
            return {}
        self._progress(f"asking {len(resolvers)} resolvers")
        # one record that is not right keeps every question that comes to its name away from resolvers
        of_name: dict[str, list[Cell]] = {}
        records_of: dict[str, list[RecordExpectation]] = {}
        for record in chosen.records:
            of_name.setdefault(record.name, []).extend([*deciding(cells[record.id]), *doubts.get(record.id, ())])
            records_of.setdefault(record.name, []).append(record)
        passed = {
            record.id: self._surroundings.passed(record, targets.get(record.id)) & of_name.keys()
            for record in chosen.records
        }
        decide = {key: [cell for name in sorted(names) for cell in of_name[name]] for key, names in passed.items()}
        ready = [record for record in chosen.records if all(cell.state == "right" for cell in decide[record.id])]
        questions = [(record, resolver) for record in ready for resolver in resolvers]
        settled = self._blind_names(records_of, of_name)
        blind = [record for record in chosen.records if passed[record.id] <= settled]
        questions += [(record, one) for record in blind for one in resolvers if one.transport != "udp"]
        ready_ids, blind_ids = ({record.id for record in some} for some in (ready, blind))
        left = [(record, one) for record, one in questions if (record.id, one) not in self._settled]
        asked = await ask_records(self._port, left, self._surroundings.is_signed)
        asked = await self._settle_doubts(left, asked, targets)
        await self._company.meet("resolvers", None)
        moment = self._port.moment("resolvers")
        found: dict[str, list[Cell]] = {record.id: [] for record in chosen.records}
        further = iter(asked)
        for record, resolver in questions:
            known = self._settled.pop((record.id, resolver), None)
            if known is not None:
                self._memory.failing_since.pop((record.id, str(resolver)), None)
                found[record.id].append(known)
                continue
            answers = next(further)
            copies = self._copies(record, answers, targets, moment)
            cell = judge_resolver(copies, self._failing_since(copies, resolver))
            found[record.id] += with_record_evidence([cell], [answers], with_text=self._options.with_answers)
        for record in chosen.records:
            if record.id not in ready_ids:
                context = self._surroundings.context(record, moment)
                found[record.id] += [
                    judge_unasked_resolver(record, resolver_vantage(one), decide[record.id], context)
                    for one in resolvers
                    if record.id not in blind_ids or one.transport == "udp"
                ]
        return found

    async def _settle_doubts(
        self,
        questions: Sequence[tuple[RecordExpectation, ResolverAddress]],
        asked: Sequence[RecordAnswers],
        targets: Mapping[str, Resolved | None],
    ) -> list[RecordAnswers]:
        """Ask again what may be another answer in a moment: a failure or an expired answer that the resolver only remembers."""
        found = list(asked)
        for turn, seconds in enumerate(_PAUSES_SECONDS, start=1):
            moment = self._port.moment("doubts")
            doubts: list[tuple[int, Reply]] = []
            for position, (record, _) in enumerate(questions):
                copies = self._copies(record, found[position], targets, moment)
                # only a failure is worth the longest pause: an expired answer is replaced at once, or not at all
                doubts += [
                    (position, one)
                    for one in copies.all()
                    if isinstance(one, Reply) and copies.is_doubtful(one) and (turn < _LAST or copies.is_failing(one))
                ]
            if not doubts:
                break
            self._progress(f"asking again for {len(doubts)} answers of resolvers that may pass")
            await self._port.pause(seconds)
            some = [(found[position], questions[position][1], first) for position, first in doubts]
            for (position, first), later in zip(doubts, await ask_again(self._port, some, turn), strict=True):
                others = tuple(pair for pair in found[position].again if pair[0] is not first)
                found[position] = replace(found[position], again=(*others, (first, later)))
        return await self._unchecked_again(questions, found)

    async def _unchecked_again(
        self, questions: Sequence[tuple[RecordExpectation, ResolverAddress]], found: list[RecordAnswers]
    ) -> list[RecordAnswers]:
        """What fails to the end once more with CD: the first time may have been answered from the same memory."""
        failing = [
            (position, last)
            for position, answers in enumerate(found)
            for first, last in answers.again[:1]
            if isinstance(last, Reply) and last.rcode == "SERVFAIL" and first in failures(answers)
        ]
        some = [unchecked_question(questions[position][1], last) for position, last in failing]
        for (position, _), answer in zip(failing, await self._port.ask_many(some), strict=True):
            found[position] = replace(found[position], unchecked=answer)
        return found

    def _copies(
        self,
        record: RecordExpectation,
        answers: RecordAnswers,
        targets: Mapping[str, Resolved | None],
        moment: Moment,
    ) -> Copies:
        context = self._surroundings.context(record, moment)
        return Copies(record, answers, context, self._memory.last_seen_old.get(record.id), targets.get(record.id))

    def _failing_since(self, copies: Copies, resolver: ResolverAddress) -> datetime | None:
        """When this resolver was first seen to fail for the record without an answer in between."""
        key = (copies.record.id, str(resolver))
        if any(copies.is_failing(one) and copies.is_doubtful(one) for one in copies.all() if isinstance(one, Reply)):
            return self._memory.failing_since.setdefault(key, copies.context.now)
        self._memory.failing_since.pop(key, None)
        return None

    def _blind_names(
        self, records_of: Mapping[str, Sequence[RecordExpectation]], of_name: Mapping[str, list[Cell]]
    ) -> frozenset[str]:
        """Names that no authority could be asked for: port 53 is blocked or intercepted, and only resolvers over TLS and HTTPS are left.

        What changed lately stays out: nobody here can tell whether every authority has it, and asking might plant the old answer.
        """
        moment = self._port.moment("blind")
        blind = set()
        for name, records in records_of.items():
            untils = [until_of(record, None, self._surroundings.context(record, moment)) for record in records]
            is_settled = all(until is None or moment.now >= until for until in untils)
            if is_settled and {cell.state for cell in of_name[name]} == {"could-not-check"}:
                blind.add(name)
        return frozenset(blind)


def deciding(cells: Sequence[Cell]) -> list[Cell]:
    """Those that decide whether resolvers may be asked."""
    return [cell for cell in cells if cell.vantage.kind == "authoritative" and cell.state != "optional"]
