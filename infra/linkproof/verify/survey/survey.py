"""One round: ask about every chosen expectation, in the order that plants no old answer, and judge."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from linkproof.verify.ids import canaries_id
from linkproof.verify.judge.answer_text import with_endpoint_evidence
from linkproof.verify.judge.caa import judge_caa
from linkproof.verify.judge.clock import CLOCK_ID, ClockWitnesses, doubted, judge_clock
from linkproof.verify.judge.endpoint import UNSEEN_ID, judge_endpoint, judge_unseen, judge_waiting_endpoint
from linkproof.verify.judge.intercepted import judge_intercepted
from linkproof.verify.judge.interception import NETWORK_ID, distrust, judge_interception
from linkproof.verify.judge.universal_links import judge_universal_links
from linkproof.verify.marks import EDGE_ANSWERS, edge_answers, sender_answers
from linkproof.verify.observe.concurrency import concurrent_map
from linkproof.verify.observe.dns.caa import observe_caa
from linkproof.verify.observe.dns.interception import observe_interception
from linkproof.verify.observe.dns.walk import Walker
from linkproof.verify.observe.edge.endpoint import EndpointObserver
from linkproof.verify.survey.canaries import follow_canaries
from linkproof.verify.survey.company import ALONE
from linkproof.verify.survey.names import NameSurvey
from linkproof.verify.survey.record_contexts import RecordContexts
from linkproof.verify.survey.resolvers import ResolverSurvey
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from linkproof.expectations.model import CaaExpectation, EndpointExpectation, Expectations, RecordExpectation
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import EndpointObservation
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.port import Port
    from linkproof.verify.options import VerifyOptions
    from linkproof.verify.result import Cell
    from linkproof.verify.survey.company import Company
    from linkproof.verify.survey.memory import RoundScope, RunMemory

# Endpoints whose addresses are asked for together; how many such groups ask at a time; how many may be under way, connections and all.
_ENDPOINTS_TOGETHER, _GROUPS_ASKING, _GROUPS_AT_A_TIME = 50, 8, 16


class Survey:
    """One round of asking and judging.

    Args:
        expectations: all of them, for zones and the past.
        options: whom to ask.
        roots: the root servers.
        port: asks, or plays back what was asked once.
        memory: shared between rounds.
        walker: that has walked through this port already; a fresh one by default.
        company: with whom it asks, each about its share.
    """

    def __init__(
        self,
        expectations: Expectations,
        options: VerifyOptions,
        *,
        roots: tuple[ServerAddress, ...],
        port: Port,
        memory: RunMemory,
        progress: Callable[[str], None],
        walker: Walker | None = None,
        company: Company = ALONE,
    ) -> None:
        self._company = company
        self._expectations, self._options, self._memory = expectations, options, memory
        self._port, self._progress, self._roots = port, progress, roots
        self._changed = {item.record for item in expectations.previous}
        self._records_of: dict[str, list[RecordExpectation]] = {}
        for record in expectations.records:
            self._records_of.setdefault(record.name, []).append(record)
        wants_ipv6 = any(
            6 in families
            for families in (*(r.families for r in expectations.records), *(e.families for e in expectations.endpoints))
        )
        self._walker = walker or Walker(port, roots, options.dns_port, (4, 6) if wants_ipv6 else (4,))
        surroundings = RecordContexts(expectations)
        self._resolvers = ResolverSurvey(
            options, surroundings, port=port, memory=memory, progress=progress, company=company
        )
        self._names = NameSurvey(
            expectations,
            options,
            surroundings=surroundings,
            resolvers=self._resolvers,
            walker=self._walker,
            port=port,
            memory=memory,
            progress=progress,
            company=company,
        )
        targets = _declared_targets(self._records_of)
        self._edges = EndpointObserver(self._walker, port, targets, company.processes)
        self._asking = asyncio.Semaphore(_GROUPS_ASKING)

    async def run(self, chosen: RoundScope) -> dict[str, list[Cell]]:
        """Cells by the id that they belong to: records, zones, CAA and endpoints."""
        control = asyncio.ensure_future(
            observe_interception(self._port, self._options.control_address, self._options.dns_port, self._roots)
        )
        early = [endpoint for endpoint in chosen.endpoints if not self._may_lag(endpoint)]
        late = [endpoint for endpoint in chosen.endpoints if self._may_lag(endpoint)]
        seen, (cells, more), caa = await asyncio.gather(
            self._probe(early), self._ask_names(chosen, late, control), self._caa(chosen)
        )
        cells |= caa
        cells |= await self._endpoints(chosen, seen | more)
        cells |= await self._doubt_clock(seen | more, cells)
        self._memory.queries += self._port.queries
        self._memory.strays += self._port.strays
        return cells

    async def _ask_names(
        self, chosen: RoundScope, late: Sequence[EndpointExpectation], control: asyncio.Future[Answer | None]
    ) -> tuple[dict[str, list[Cell]], dict[str, EndpointObservation]]:
        """The authorities; then the resolvers, and the endpoints whose hosts changed lately.

        Returns:
            the cells, with one for each endpoint that is not probed yet; and what the probed ones showed.
        """
        cells = await self._names.authorities(chosen, control)
        intercepted = judge_interception(await control)
        # whoever stands between one of them and the servers stands between all of them
        if any(await self._company.meet("network", bool(intercepted))):
            cells = distrust(cells)
        cells[NETWORK_ID] = intercepted
        waiting = {one.id: cell for one in late if (cell := self._lagging_host(one, cells)) is not None}
        through_resolvers, seen = await asyncio.gather(
            self._resolvers.run(chosen, cells, self._names.doubts, self._names.targets),
            self._probe([one for one in late if one.id not in waiting]),
        )
        for record_id, found in through_resolvers.items():
            cells[record_id] += found
        cells |= {one.id: [judge_waiting_endpoint(one, waiting[one.id])] for one in late if one.id in waiting}
        return cells, seen

    async def _caa(self, chosen: RoundScope) -> dict[str, list[Cell]]:
        # some at a time, each judged at once: only the cells of the others need be kept
        some = [chosen.caa[at : at + _ENDPOINTS_TOGETHER] for at in range(0, len(chosen.caa), _ENDPOINTS_TOGETHER)]
        cells: dict[str, list[Cell]] = {}
        for group in await concurrent_map(some, self._caa_of_some, _GROUPS_ASKING):
            cells |= group
        return cells

    async def _caa_of_some(self, some: Sequence[CaaExpectation]) -> dict[str, list[Cell]]:
        await self._walker.prepare((f"{item.host}.", "CAA") for item in some)
        observed = await concurrent_map(some, lambda item: observe_caa(self._walker, item.host))
        cells = {}
        for item, (decides, *others) in zip(some, observed, strict=True):
            elsewhere = (judge_caa(item, found) for found in others)
            cells[item.id] = [judge_caa(item, decides), *(cell for cell in elsewhere if cell.state == "differs")]
            await self._walker.forget_resolved(f"{item.host}.", "CAA")
        return cells

    def _may_lag(self, endpoint: EndpointExpectation) -> bool:
        """Whether its host changed lately: only then must the authorities be heard before it is probed."""
        records = self._records_of.get(f"{endpoint.host}.", ())
        return endpoint.connect is None and any(record.id in self._changed for record in records)

    async def _probe(self, endpoints: Sequence[EndpointExpectation]) -> dict[str, EndpointObservation]:
        """What each endpoint shows, by its id."""
        if endpoints:
            self._progress(f"probing {len(endpoints)} endpoints")
        # some at a time: the handshakes of the first run while the addresses of the next are asked for
        some = [endpoints[at : at + _ENDPOINTS_TOGETHER] for at in range(0, len(endpoints), _ENDPOINTS_TOGETHER)]
        seen = await concurrent_map(some, self._probe_some, _GROUPS_AT_A_TIME)
        return {
            item.id: one
            for group, found in zip(some, seen, strict=True)
            for item, one in zip(group, found, strict=True)
        }

    async def _probe_some(self, endpoints: Sequence[EndpointExpectation]) -> list[EndpointObservation]:
        async with self._asking:
            await self._edges.prepare(endpoints)
        probes = {name: sender_answers(name).probe for name in {item.sender for item in endpoints}}
        return await concurrent_map(endpoints, lambda item: self._edges.observe(item, probes[item.sender]))

    async def _endpoints(
        self, chosen: RoundScope, all_seen: Mapping[str, EndpointObservation]
    ) -> dict[str, list[Cell]]:
        found: dict[str, list[Cell]] = {}
        probed = [endpoint for endpoint in chosen.endpoints if endpoint.id in all_seen]
        seen = [all_seen[endpoint.id] for endpoint in probed]
        await self._company.meet("endpoints", None)
        moment = self._port.moment("endpoints")
        edges = {name: edge_answers(name) for name in EDGE_ANSWERS}
        senders = {name: sender_answers(name) for name in {endpoint.sender for endpoint in probed}}
        for endpoint, observation in zip(probed, seen, strict=True):
            judged = judge_endpoint(endpoint, observation, senders[endpoint.sender], edges, moment.reach, moment.now)
            found[endpoint.id] = with_endpoint_evidence(judged, observation, with_text=self._options.with_answers)
        followed = await follow_canaries(self._port, zip(probed, seen, strict=True), found, self._company.processes)
        for endpoint, observation in zip(probed, seen, strict=True):
            beside = followed.get(canaries_id(endpoint), [])
            found[endpoint.id] = judge_intercepted(endpoint, observation, found[endpoint.id], beside)
            found[endpoint.id] += judge_universal_links(endpoint, observation, senders[endpoint.sender])
        found |= followed
        if probed:
            found[UNSEEN_ID] = judge_unseen(self._expectations.endpoints)
        return found

    async def _doubt_clock(
        self, seen: Mapping[str, EndpointObservation], cells: Mapping[str, list[Cell]]
    ) -> dict[str, list[Cell]]:
        """With a wrong clock everything that has a date looks wrong; then that is said first."""
        now = self._port.moment("clock").now
        witnesses = await self._company.meet("clock", ClockWitnesses.among(seen.values(), cells, now))
        found = judge_clock(ClockWitnesses.of_all(witnesses), now)
        return {CLOCK_ID: found, **({key: doubted(group) for key, group in cells.items()} if found else {})}

    def _lagging_host(self, endpoint: EndpointExpectation, cells: dict[str, list[Cell]]) -> Cell | None:
        records = self._records_of.get(f"{endpoint.host}.", ()) if endpoint.connect is None else ()
        found = (cell for record in records for cell in cells.get(record.id, ()))
        return next((cell for cell in found if cell.vantage.kind == "authoritative" and cell.state == "lagging"), None)


def _declared_targets(records_of: Mapping[str, Sequence[RecordExpectation]]) -> dict[str, frozenset[str]]:
    """Where each name's CNAME should lead."""
    found = {}
    for name, records in records_of.items():
        targets = frozenset(
            canonical_value("CNAME", value)
            for record in records
            if record.type == "CNAME" and record.served == "as-declared" and record.match != "absent"
            for value in record.values
        )
        if targets:
            found[name] = targets
    return found
