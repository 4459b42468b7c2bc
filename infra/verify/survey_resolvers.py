"""Resolvers in one round: asked for a name once every authority of all that it leads through is right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.judge.dns_record import until_of
from infra.verify.judge.dns_resolver import judge_resolver, judge_unasked_resolver
from infra.verify.observe.resolvers import ask_records, resolver_vantage
from infra.verify.shown import with_record_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from infra.expectations.model import RecordExpectation
    from infra.verify.observations import Resolved
    from infra.verify.options import VerifyOptions
    from infra.verify.port import Port
    from infra.verify.result import Cell
    from infra.verify.round import Chosen, Memory
    from infra.verify.surroundings import Surroundings


class ResolverSurvey:
    """Asks and judges resolvers.

    Args:
        options: which.
        surroundings: of the records.
        port: asks, or plays back what was asked once.
        memory: shared between rounds.
    """

    def __init__(
        self,
        options: VerifyOptions,
        surroundings: Surroundings,
        *,
        port: Port,
        memory: Memory,
        progress: Callable[[str], None],
    ) -> None:
        self._options, self._surroundings = options, surroundings
        self._port, self._memory, self._progress = port, memory, progress

    async def ask_ahead(self, records: Sequence[RecordExpectation]) -> None:
        """Ask for records that are known to be right already; the port keeps the answers, for when they are judged."""
        questions = [(record, resolver) for record in records for resolver in self._options.resolvers]
        await ask_records(self._port, questions, self._surroundings.is_signed)

    async def run(
        self,
        chosen: Chosen,
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
        asked = await ask_records(self._port, questions, self._surroundings.is_signed)
        moment = self._port.moment("resolvers")
        found: dict[str, list[Cell]] = {record.id: [] for record in chosen.records}
        for (record, _), answers in zip(questions, asked, strict=True):
            context = self._surroundings.context(record, moment)
            cell = judge_resolver(
                record,
                answers,
                context,
                authorities_until=until_of(record, None, context),
                last_seen_old=self._memory.last_seen_old.get(record.id),
                target=targets.get(record.id),
            )
            found[record.id] += with_record_evidence([cell], [answers])
        for record in chosen.records:
            if record.id not in ready_ids:
                context = self._surroundings.context(record, moment)
                found[record.id] += [
                    judge_unasked_resolver(record, resolver_vantage(one), decide[record.id], context)
                    for one in resolvers
                    if record.id not in blind_ids or one.transport == "udp"
                ]
        return found

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
