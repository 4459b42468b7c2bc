"""From the root hints to any name's records, across zones. Trusts no resolver."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observe.dns.authority_client import AuthorityClient
from linkproof.verify.observe.dns.delegations import Delegations
from linkproof.verify.observe.dns.lookup_budget import MAX_DEPTH, LookupBudget, NestedLookup, TooManyQuestionsError
from linkproof.verify.observe.dns.zone_cut import MAX_ADDRESSES_OF_A_SERVER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.dns.zone_cut import ZoneCut
    from linkproof.verify.observe.port import Port

# Resolvers restart 11 to 16 times along CNAMEs; beyond that nobody reaches the end.
MAX_CHAIN = 16


class Walker:
    """Follows names to their records, each name once, and finds zones and asks their servers on the way.

    Args:
        transport: sends the questions.
        hints: the root servers.
        port: of every authoritative server.
        families: address families that may be used for walking, in order of preference.
    """

    def __init__(
        self, transport: Port, hints: tuple[ServerAddress, ...], port: int, families: tuple[int, ...] = (4,)
    ) -> None:
        self._port = transport
        self._client = AuthorityClient(transport, port, families)
        self._delegations = Delegations(self._client, hints, self)
        self._budgets: dict[str, LookupBudget] = {}
        self._resolved: dict[tuple[str, str], Resolved] = {}
        # what observing needs of its parts: each is asked for thousands of times
        self.ask, self.ask_many, self.question = self._client.ask, self._client.ask_many, self._client.question
        self.usable, self.in_turn = self._client.usable, self._client.in_turn
        self.parent_servers = self._delegations.parent_servers
        self.cut_of, self.cuts_of = self._delegations.cut_of, self._delegations.cuts_of

    async def prepare(self, wanted: Iterable[tuple[str, str]], *, is_urgent: bool = False) -> None:
        """Ask together, CNAME by CNAME, what `resolve` will ask first about each name and type, so that it finds the answers there.

        Args:
            wanted: names and types.
            is_urgent: before the questions that nobody waits for.
        """
        seen: set[tuple[str, str]] = set()
        for _ in range(MAX_CHAIN):
            fresh = [one for one in dict.fromkeys(wanted) if one not in seen and one not in self._resolved]
            if not fresh:
                return
            seen.update(fresh)
            cuts = await self._delegations.cuts_of([name for name, _ in fresh], is_urgent=is_urgent)
            answers = await self._delegations.ask_first(dict(zip(fresh, cuts, strict=True)), is_urgent=is_urgent)
            wanted = [
                (answer.values("CNAME")[0], record_type)
                for (_, record_type), answer in answers.items()
                if isinstance(answer, Reply) and answer.values("CNAME") and not answer.values(record_type)
            ]

    async def server_addresses(self, name: str, zone: str) -> tuple[tuple[str, ...], str, bool]:
        """The addresses of the name of a zone's server; without any, why, and whether that is certain."""
        return await self.addresses_of(name, self.lookup_for(zone))

    def lookup_for(self, zone: str) -> NestedLookup:
        return NestedLookup(1, self._budgets.setdefault(zone, LookupBudget()))

    async def resolve_server(self, name: str, record_type: str, zone: str) -> Resolved:
        """`resolve` for a server's name: it waits for no other look-up, and asks no more than finding servers may."""
        try:
            return await self._resolve_kept(name, record_type, self.lookup_for(zone))
        except TooManyQuestionsError:
            return Resolved("unknown", (name,), detail="its name depends on too many others")

    async def addresses_of(self, name: str, nested: NestedLookup) -> tuple[tuple[str, ...], str, bool]:
        too_many = (), "its name depends on too many others", False
        if nested.depth > MAX_DEPTH:
            return too_many
        try:
            both = await asyncio.gather(*(self._resolve_kept(name, kind, nested) for kind in ("A", "AAAA")))
        except TooManyQuestionsError:
            if nested.depth > 1:
                raise  # what was found up to there is not the whole, and must not be kept
            return too_many
        found: list[str] = []
        reason, certain = "", True
        for resolved in both:
            found += [record.value for record in resolved.records][:MAX_ADDRESSES_OF_A_SERVER]
            if resolved.status == "unknown":
                reason, certain = resolved.detail, False
            elif resolved.status != "found":
                reason = reason or f"{name} has no address"
        return tuple(found), reason, certain

    async def resolve(self, name: str, record_type: str) -> Resolved:
        """Follow a name to its records through the authorities, across zones."""
        return await self._resolve_kept(name, record_type, None)

    def forget(self, questions: Iterable[DnsQuestion]) -> None:
        """See `Port.forget`."""
        self._port.forget(questions)

    async def forget_resolved(self, name: str, record_type: str) -> None:
        """Nobody looks for these records again; what the name leads to may be many names' and is kept."""
        if self._resolved.pop((name, record_type), None) is not None:
            first = self._client.in_turn(await self._delegations.cut_of(name), name)[:1]
            self._port.forget(self._client.question(server, name, record_type) for server in first)

    async def resolve_by(self, name: str, record_type: str, targets: frozenset[str]) -> Resolved:
        """`resolve`, along a CNAME to one of these targets if any server of the zone gives it: a wrong server leads nobody astray."""
        found = await self.resolve(name, record_type)
        if not targets or not targets.isdisjoint(found.chain[1:2]):
            return found
        cut = await self._delegations.cut_of(name)
        for answer in await self._client.ask_many(
            [self._client.question(server, name, record_type) for server in self._client.usable(cut)]
        ):
            given = answer.values("CNAME") if isinstance(answer, Reply) and answer.authoritative else ()
            if target := next((one for one in given if one in targets), None):
                beyond = await self.resolve(target, record_type)
                return replace(beyond, chain=(name, *beyond.chain))
        return found

    async def resolve_anywhere(self, name: str, record_type: str) -> Resolved:
        """`resolve`, where one server of the last zone is not taken at its word that there is nothing."""
        found = await self.resolve(name, record_type)
        if found.status != "missing":
            return found
        last = found.chain[-1]
        cut = await self._delegations.cut_of(last)
        for answer in await self._client.ask_many(
            [self._client.question(server, last, record_type) for server in self._client.usable(cut)]
        ):
            if not isinstance(answer, Reply) or not answer.authoritative:
                continue
            records = tuple(record for record in answer.answer if record.type == record_type and record.name == last)
            if records:
                return Resolved("found", found.chain, records, answer)
            for target in answer.values("CNAME")[:1]:
                beyond = await self.resolve(target, record_type)
                return replace(beyond, chain=(*found.chain, *beyond.chain))
        return found

    async def _resolve_kept(self, name: str, record_type: str, nested: NestedLookup | None) -> Resolved:
        key = (name, record_type)
        if key not in self._resolved:
            resolved = await self._resolve(name, record_type, nested)
            if nested and resolved.status == "unknown":
                return resolved  # it may be unknown only because the depth was used up
            self._resolved[key] = resolved
        return self._resolved[key]

    async def _resolve(self, name: str, record_type: str, nested: NestedLookup | None) -> Resolved:
        chain = [name]
        last: Answer | None = None
        while len(chain) <= MAX_CHAIN:
            cut = await self._delegations.nested_cut_of(chain[-1], nested)
            last, detail, failing = await self._first_good(cut, chain[-1], record_type, nested)
            if nested and cut.unasked and not isinstance(last, Reply):
                cut = await self._with_all_servers(cut, nested)
                last, detail, failing = await self._first_good(cut, chain[-1], record_type, nested)
            if last is None or isinstance(last, NoUsableReply):
                return Resolved("unknown", tuple(chain), last=last, detail=detail, failing=failing)
            records = tuple(record for record in last.answer if record.type == record_type and record.name == chain[-1])
            if records:
                return Resolved("found", tuple(chain), records, last)
            targets = last.values("CNAME")
            if not targets:
                what = "does not exist" if last.rcode == "NXDOMAIN" else f"has no {record_type}"
                return Resolved("missing", tuple(chain), last=last, detail=f"{chain[-1]} {what}")
            if targets[0] in chain:
                return Resolved("loop", (*chain, targets[0]), last=last, detail=f"{targets[0]} comes round again")
            chain.append(targets[0])
        return Resolved("loop", tuple(chain), last=last, detail=f"more than {MAX_CHAIN} CNAMEs")

    async def _with_all_servers(self, cut: ZoneCut, nested: NestedLookup) -> ZoneCut:
        """Where those with glue do not answer: the others as well."""
        deeper = nested.deeper()
        found = await asyncio.gather(*(self.addresses_of(name, deeper) for name in cut.unasked))
        more = {ServerAddress(name, one) for name, (some, *_) in zip(cut.unasked, found, strict=True) for one in some}
        whole = replace(cut, servers=tuple(sorted({*cut.servers, *more})), unasked=())
        self._delegations.keep_enough(whole)
        return whole

    async def _first_good(
        self, cut: ZoneCut, name: str, record_type: str, nested: NestedLookup | None
    ) -> tuple[Answer | None, str, Reply | None]:
        """The first authoritative answer any server of the zone gives; where all of them answer with failures, one of these at the end."""
        detail, last = f"no server of {cut.name} has an address", None
        failing: Reply | None = None
        for server in self._client.in_turn(cut, name):
            if nested:
                nested.budget.spend(server, name, record_type)
            answer = await self._client.ask(server, name, record_type)
            if isinstance(answer, NoUsableReply):
                detail = f"{server.server} ({server.address}) did not answer for {cut.name}: {answer.kind}"
            elif answer.authoritative and answer.rcode in {"NOERROR", "NXDOMAIN"}:
                return answer, "", None
            else:
                failing = answer
                detail = f"{server.server} ({server.address}) answered {answer.rcode} for {cut.name} without authority"
            last = answer if isinstance(answer, NoUsableReply) else last
        return last, detail, None if isinstance(last, NoUsableReply) else failing
