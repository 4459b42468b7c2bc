"""One round: ask about every chosen expectation, in the order that plants no old answer, and judge."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infra.verify.follow import follow_canaries
from infra.verify.judge.caa import judge_caa
from infra.verify.judge.dns_record import RecordContext, judge_record, until_of
from infra.verify.judge.dns_resolver import judge_resolver, judge_unasked_resolver
from infra.verify.judge.dns_server import healthy_servers, judge_zone
from infra.verify.judge.endpoint import UNSEEN_ID, judge_endpoint, judge_unseen, judge_waiting_endpoint
from infra.verify.judge.interception import NETWORK_ID, distrust, judge_interception
from infra.verify.judge.ranges import judge_ranges, published_ranges
from infra.verify.judge.subject import Subject
from infra.verify.judge.universal_links import judge_universal_links
from infra.verify.marks import EDGE_ANSWERS, edge_answers, sender_answers
from infra.verify.observe.caa import observe_caa
from infra.verify.observe.crowd import for_each
from infra.verify.observe.dns_records import Placed, observe_records
from infra.verify.observe.dns_walk import Cut, Walker
from infra.verify.observe.dns_zones import observe_zone
from infra.verify.observe.edge import EdgeObserver
from infra.verify.observe.interception import observe_interception
from infra.verify.observe.resolvers import ask_records, resolver_vantage
from infra.verify.shown import with_endpoint_evidence, with_record_evidence, with_zone_evidence
from infra.verify.values import undeclared_zone_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from infra.expectations.model import (
        CaaExpectation,
        EndpointExpectation,
        Expectations,
        RecordExpectation,
        ZoneExpectation,
    )
    from infra.verify.observations import Answer, Reachability, RecordObservation, ServerAddress
    from infra.verify.observations_edge import EndpointObservation
    from infra.verify.options import VerifyOptions
    from infra.verify.port import Port
    from infra.verify.result import Cell

_ENDPOINTS_TOGETHER, _GROUPS_AT_A_TIME = 50, 12


@dataclass
class Memory:
    """What is known from earlier rounds of the same run.

    Args:
        zone_of: record id → the real zone's name.
        last_seen_old: record id → when an authority last gave the old state.
        queries: DNS questions sent so far.
        strays: packets so far that answered nothing that was asked.
    """

    zone_of: dict[str, str] = field(default_factory=dict)
    last_seen_old: dict[str, datetime] = field(default_factory=dict)
    queries: int = 0
    strays: int = 0


@dataclass(frozen=True)
class Chosen:
    """The expectations of one round."""

    records: tuple[RecordExpectation, ...]
    caa: tuple[CaaExpectation, ...]
    endpoints: tuple[EndpointExpectation, ...]


class Survey:
    """One round of asking and judging.

    Args:
        expectations: all of them, for zones and the past.
        options: whom to ask.
        roots: the root servers.
        port: asks, or plays back what was asked once.
        memory: shared between rounds.
    """

    def __init__(
        self,
        expectations: Expectations,
        options: VerifyOptions,
        *,
        roots: tuple[ServerAddress, ...],
        port: Port,
        memory: Memory,
        progress: Callable[[str], None],
    ) -> None:
        self._expectations, self._options, self._memory = expectations, options, memory
        self._port, self._progress, self._roots = port, progress, roots
        self._previous = {item.record: item for item in expectations.previous}
        self._zones = {zone.name: zone for zone in expectations.zones}
        self._records_of: dict[str, list[RecordExpectation]] = {}
        for record in expectations.records:
            self._records_of.setdefault(record.name, []).append(record)
        self._providers = {f"{item.host}.": item.edge for item in expectations.endpoints if item.edge}
        wants_ipv6 = any(
            6 in families
            for families in (*(r.families for r in expectations.records), *(e.families for e in expectations.endpoints))
        )
        self._walker = Walker(port, roots, options.dns_port, (4, 6) if wants_ipv6 else (4,))
        self._edges = EdgeObserver(self._walker, port)

    async def run(self, chosen: Chosen) -> dict[str, list[Cell]]:
        """Cells by the id that they belong to: records, zones, CAA and endpoints."""
        control = asyncio.ensure_future(
            observe_interception(self._port, self._options.control_address, self._options.dns_port, self._roots)
        )
        early = [endpoint for endpoint in chosen.endpoints if not self._may_lag(endpoint)]
        late = [endpoint for endpoint in chosen.endpoints if self._may_lag(endpoint)]
        seen, (cells, more), caa = await asyncio.gather(
            self._probe(early), self._names(chosen, late, control), self._caa(chosen)
        )
        cells |= caa
        cells |= await self._endpoints(chosen, seen | more)
        self._memory.queries += self._port.queries
        self._memory.strays += self._port.strays
        return cells

    async def _names(
        self, chosen: Chosen, late: Sequence[EndpointExpectation], control: asyncio.Future[Answer | None]
    ) -> tuple[dict[str, list[Cell]], dict[str, EndpointObservation]]:
        """The authorities; then the resolvers, and the endpoints whose hosts changed lately.

        Returns:
            the cells, with one for each endpoint that is not probed yet; and what the probed ones showed.
        """
        cells = await self._dns(chosen)
        if intercepted := judge_interception(await control):
            cells = distrust(cells)
        cells[NETWORK_ID] = intercepted
        waiting = {one.id: cell for one in late if (cell := self._lagging_host(one, cells)) is not None}
        through_resolvers, seen = await asyncio.gather(
            self._ask_resolvers(chosen, cells), self._probe([one for one in late if one.id not in waiting])
        )
        for record_id, found in through_resolvers.items():
            cells[record_id] += found
        cells |= {one.id: [judge_waiting_endpoint(one, waiting[one.id])] for one in late if one.id in waiting}
        return cells, seen

    async def _caa(self, chosen: Chosen) -> dict[str, list[Cell]]:
        await self._walker.prepare((f"{item.host}.", "CAA") for item in chosen.caa)
        observed = await for_each(chosen.caa, lambda item: observe_caa(self._walker, item.host))
        return {item.id: [judge_caa(item, resolved)] for item, resolved in zip(chosen.caa, observed, strict=True)}

    async def _dns(self, chosen: Chosen) -> dict[str, list[Cell]]:
        self._progress(f"walking to the zones of {len(chosen.records)} records")
        cuts = await self._walker.cuts_of([record.name for record in chosen.records])
        by_name: dict[str, Cut] = {cut.name: cut for cut in cuts}
        families: dict[str, set[int]] = {name: set() for name in by_name}
        for record, cut in zip(chosen.records, cuts, strict=True):
            families[cut.name] |= set(record.families)
        self._memory.zone_of |= {record.id: cut.name for record, cut in zip(chosen.records, cuts, strict=True)}
        self._progress(
            f"asking {sum(len(cut.servers) for cut in by_name.values())} server addresses of {len(by_name)} zones"
        )
        seen = await asyncio.gather(
            *(observe_zone(self._walker, cut, tuple(sorted(families[name]))) for name, cut in by_name.items())
        )
        zones = {zone.name: zone for zone in seen}
        healthy = {zone.name: healthy_servers(zone) for zone in seen}
        answers = await observe_records(
            self._walker,
            [
                Placed(record, zones[cut.name], healthy[cut.name])
                for record, cut in zip(chosen.records, cuts, strict=True)
            ],
        )
        reach, now = self._moment("authorities")
        cells: dict[str, list[Cell]] = {}
        at_address: dict[str, dict[str, Cell]] = {}
        for zone in seen:
            subject = self._zone_subject(zone.name)
            judged = judge_zone(subject, zone, reach, self._zones.get(zone.name), now)
            cells[subject.id] = with_zone_evidence(judged, zone)
            at_address[zone.name] = {
                cell.vantage.address: cell for cell in cells[subject.id] if cell.finding is not None or cell.reason
            }
        for record, observed in zip(chosen.records, answers, strict=True):
            cells[record.id] = self._judge(record, observed, at_address[observed.zone.name], reach, now)
        return cells

    def _judge(
        self,
        record: RecordExpectation,
        seen: RecordObservation,
        zone_cells: dict[str, Cell],
        reach: Reachability,
        now: datetime,
    ) -> list[Cell]:
        cells = judge_record(record, seen, self._context(record, reach, now), zone_cells)
        if any(cell.state == "lagging" for cell in cells):
            self._memory.last_seen_old[record.id] = now
        provider = self._providers.get(record.name)
        if (
            record.served == "proxied"
            and provider
            and self._options.check_ranges
            and (ranges := published_ranges(provider))
        ):
            cells += judge_ranges(record, seen, ranges, provider)
        return with_record_evidence(cells, seen.answers.values(), seen.target)

    async def _ask_resolvers(self, chosen: Chosen, cells: dict[str, list[Cell]]) -> dict[str, list[Cell]]:
        resolvers = self._options.resolvers
        if not resolvers:
            return {}
        self._progress(f"asking {len(resolvers)} resolvers")
        # one record of a name that is not right keeps every question about that name away from resolvers
        names: dict[str, list[Cell]] = {}
        for record in chosen.records:
            names.setdefault(record.name, []).extend(_deciding(cells[record.id]))
        ready = [record for record in chosen.records if all(cell.state == "right" for cell in names[record.name])]
        questions = [(record, resolver) for record in ready for resolver in resolvers]
        blind = self._blind(chosen, names)
        questions += [(record, one) for record in blind for one in resolvers if one.transport != "udp"]
        ready_ids, blind_ids = ({record.id for record in some} for some in (ready, blind))
        asked = await ask_records(self._port, questions, self._is_signed)
        reach, now = self._moment("resolvers")
        found: dict[str, list[Cell]] = {record.id: [] for record in chosen.records}
        for (record, _), answers in zip(questions, asked, strict=True):
            context = self._context(record, reach, now)
            deadline = until_of(record, None, context)
            cell = judge_resolver(
                record,
                answers,
                context,
                authorities_until=deadline,
                last_seen_old=self._memory.last_seen_old.get(record.id),
            )
            found[record.id] += with_record_evidence([cell], [answers])
        for record in chosen.records:
            if record.id not in ready_ids:
                context = self._context(record, reach, now)
                found[record.id] += [
                    judge_unasked_resolver(record, resolver_vantage(one), names[record.name], context)
                    for one in resolvers
                    if record.id not in blind_ids or one.transport == "udp"
                ]
        return found

    def _blind(self, chosen: Chosen, names: dict[str, list[Cell]]) -> list[RecordExpectation]:
        """Records that no authority could be asked for: port 53 is blocked or intercepted, and only resolvers over TLS and HTTPS are left.

        What changed lately stays out: nobody here can tell whether every authority has it, and asking might plant the old answer.
        """
        reach, now = self._moment("blind")
        blind = []
        for record in chosen.records:
            context = self._context(record, reach, now)
            until = until_of(record, None, context)
            states = {cell.state for cell in names[record.name]}
            if states == {"could-not-check"} and (until is None or now >= until):
                blind.append(record)
        return blind

    def _is_signed(self, record: RecordExpectation) -> bool:
        zone = self._declared_zone(record.name)
        return zone is not None and zone.dnssec == "signed"

    def _may_lag(self, endpoint: EndpointExpectation) -> bool:
        """Whether its host changed lately: only then must the authorities be heard before it is probed."""
        records = self._records_of.get(f"{endpoint.host}.", ())
        return endpoint.connect is None and any(record.id in self._previous for record in records)

    async def _probe(self, endpoints: Sequence[EndpointExpectation]) -> dict[str, EndpointObservation]:
        """What each endpoint shows, by its id."""
        if endpoints:
            self._progress(f"probing {len(endpoints)} endpoints")
        # some at a time: the handshakes of the first then run while the addresses of the next are asked for
        some = [endpoints[at : at + _ENDPOINTS_TOGETHER] for at in range(0, len(endpoints), _ENDPOINTS_TOGETHER)]
        seen = await for_each(some, self._probe_some, _GROUPS_AT_A_TIME)
        return {
            item.id: one
            for group, found in zip(some, seen, strict=True)
            for item, one in zip(group, found, strict=True)
        }

    async def _probe_some(self, endpoints: Sequence[EndpointExpectation]) -> list[EndpointObservation]:
        await self._edges.prepare(endpoints)
        return await for_each(endpoints, lambda item: self._edges.observe(item, sender_answers(item.sender).probe))

    async def _endpoints(self, chosen: Chosen, all_seen: Mapping[str, EndpointObservation]) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        probed = [endpoint for endpoint in chosen.endpoints if endpoint.id in all_seen]
        seen = [all_seen[endpoint.id] for endpoint in probed]
        reach, now = self._moment("endpoints")
        edges = {name: edge_answers(name) for name in EDGE_ANSWERS}
        for endpoint, observation in zip(probed, seen, strict=True):
            judged = judge_endpoint(endpoint, observation, sender_answers(endpoint.sender), edges, reach, now)
            found[endpoint.id] = with_endpoint_evidence(judged, observation)
        found |= await follow_canaries(self._port, zip(probed, seen, strict=True), found)
        for endpoint, observation in zip(probed, seen, strict=True):
            found[endpoint.id] += judge_universal_links(endpoint, observation, sender_answers(endpoint.sender))
        if probed:
            found[UNSEEN_ID] = judge_unseen(self._expectations.endpoints)
        return found

    def _moment(self, stage: str) -> tuple[Reachability, datetime]:
        moment = self._port.moment(stage)
        return moment.reach, moment.now

    def _lagging_host(self, endpoint: EndpointExpectation, cells: dict[str, list[Cell]]) -> Cell | None:
        records = self._records_of.get(f"{endpoint.host}.", ()) if endpoint.connect is None else ()
        found = (cell for record in records for cell in cells.get(record.id, ()))
        return next((cell for cell in found if cell.vantage.kind == "authoritative" and cell.state == "lagging"), None)

    def _context(self, record: RecordExpectation, reach: Reachability, now: datetime) -> RecordContext:
        return RecordContext(self._declared_zone(record.name), self._previous.get(record.id), reach, now)

    def _declared_zone(self, name: str) -> ZoneExpectation | None:
        labels = name.rstrip(".").split(".")
        around = (".".join(labels[position:]) + "." for position in range(len(labels)))
        return next((self._zones[zone] for zone in around if zone in self._zones), None)

    def _zone_subject(self, name: str) -> Subject:
        declared = self._zones.get(name)
        affects = tuple(sorted(record_id for record_id, zone in self._memory.zone_of.items() if zone == name))
        return Subject(
            declared.id if declared else undeclared_zone_id(name),
            declared.path if declared else "",
            name,
            "SOA",
            affects,
        )


def _deciding(cells: list[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.vantage.kind == "authoritative" and cell.state != "optional"]
