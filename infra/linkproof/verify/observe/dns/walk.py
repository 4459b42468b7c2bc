"""From the root hints to any name: real zone cuts, server addresses, targets. Trusts no resolver."""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, NoReply, Reply, ResourceRecord
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import ServerAddress, Vantage
from linkproof.verify.observe.dns.question import PLAIN, Manner, Question
from linkproof.verify.observe.port import ask
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from linkproof.verify.observe.port import Port

# Resolvers restart 11 to 16 times along CNAMEs; beyond that nobody reaches the end.
MAX_CHAIN = 16
# A server's name may need another server's name, and so on; honest delegations need two or three steps.
MAX_DEPTH = 6
# A hostile delegation names hundreds of servers to make us ask for each (NXNSAttack); real ones have 13 at most.
MAX_SERVERS = 26
MAX_ADDRESSES_OF_A_SERVER = 8
# For the names of one zone's servers, however they depend on one another; thirteen names in two zones of a provider need some 150.
MAX_QUESTIONS_FOR_SERVERS = 200
# The same with those whose answer is there already: they cost no packet, and zones that name each other's servers could repeat them for ever.
MAX_STEPS_FOR_SERVERS = 20_000


@dataclass(frozen=True, slots=True)
class Cut:
    """A zone as its parent delegates it.

    Args:
        unresolved: `(server name, reason, whether the absence is certain)`.
        unasked: names of servers whose addresses were not looked for, since others were enough.
    """

    name: str
    parent: str
    parent_vantage: Vantage | None
    parent_servers: tuple[str, ...]
    glue: tuple[ServerAddress, ...]
    servers: tuple[ServerAddress, ...]
    unresolved: tuple[tuple[str, str, bool], ...] = ()
    unasked: tuple[str, ...] = ()


class _TooManyError(Exception):
    """The servers of a zone cannot be found within the questions that are allowed for it."""


@dataclass(slots=True)
class _Budget:
    """What the look-ups for one zone's servers may ask together; a question whose answer is there already is no question."""

    asked: set[tuple[ServerAddress, str, str]] = field(default_factory=set)
    steps: int = 0

    def spend(self, server: ServerAddress, name: str, record_type: str) -> None:
        self.steps += 1
        self.asked.add((server, name, record_type))
        if len(self.asked) > MAX_QUESTIONS_FOR_SERVERS or self.steps > MAX_STEPS_FOR_SERVERS:
            raise _TooManyError


@dataclass(frozen=True, slots=True)
class _Nested:
    """A look-up for another look-up: how deep, and what all of those for one zone may still ask together."""

    depth: int
    budget: _Budget


class Walker:
    """Walks delegations, each zone and name once.

    Args:
        transport: sends the questions.
        hints: the root servers.
        port: of every authoritative server.
        families: address families that may be used for walking, in order of preference.
    """

    def __init__(
        self, transport: Port, hints: tuple[ServerAddress, ...], port: int, families: tuple[int, ...] = (4,)
    ) -> None:
        self._transport = transport
        self._port = port
        self._families = families
        self.root = Cut(".", "", None, tuple(sorted({server.server for server in hints})), hints, hints)
        self._cuts: dict[str, Cut | None] = {".": self.root}
        # found on the way to a server's address, perhaps without some of their servers: enough to find a name by, and nothing to judge
        self._enough: dict[str, Cut | None] = {}
        self._pending: dict[str, asyncio.Future[Cut | None]] = {}
        # addresses that left a question of ours unanswered, and none answered since
        self._silent: set[str] = set()
        self._vantages: dict[ServerAddress, Vantage] = {}
        self._by_family: dict[tuple[ServerAddress, ...], list[list[ServerAddress]]] = {}
        self._budgets: dict[str, _Budget] = {}
        self._resolved: dict[tuple[str, str], Resolved] = {}

    async def ask(
        self,
        server: ServerAddress,
        name: str,
        record_type: str,
        manner: Manner = PLAIN,
        *,
        over_tcp: bool = False,
        once: bool = False,
    ) -> Answer:
        """Ask one authoritative server, without recursion."""
        question = self.question(server, name, record_type, manner, over_tcp=over_tcp, once=once)
        answer = await ask(self._transport, question)
        if isinstance(answer, Reply):
            self._silent.discard(server.address)
        elif answer.kind == "timeout" and not once:
            self._silent.add(server.address)
        return answer

    def question(
        self,
        server: ServerAddress,
        name: str,
        record_type: str,
        manner: Manner = PLAIN,
        *,
        over_tcp: bool = False,
        once: bool = False,
        is_urgent: bool = False,
    ) -> Question:
        """A question to an authoritative server."""
        vantage = self._vantages.get(server)
        if vantage is None:
            vantage = Vantage("authoritative", server.server, server.address, "udp")
            self._vantages[server] = vantage
        return Question(vantage, self._port, name, record_type, manner, over_tcp, once, is_urgent=is_urgent)

    async def ask_many(self, questions: Sequence[Question]) -> list[Answer]:
        """Ask all of them at once."""
        return await self._transport.ask_many(questions)

    def parent_servers(self, cut: Cut) -> tuple[ServerAddress, ...]:
        """Every address of the servers that delegate a zone, in the families that may be used."""
        parent = self._cuts.get(cut.parent)
        return tuple(self._usable(parent.servers)) if parent else ()

    def usable(self, cut: Cut) -> list[ServerAddress]:
        """Every address of a zone's servers, in the families that may be used."""
        return self._usable(cut.servers)

    async def cut_of(self, name: str) -> Cut:
        """The zone that really holds a name, found label by label from the root."""
        return await self._cut_of(name, None)

    async def _cut_of(self, name: str, nested: _Nested | None) -> Cut:
        labels = name.rstrip(".").split(".") if name != "." else []
        current = self.root
        for position in range(len(labels) - 1, -1, -1):
            candidate = ".".join(labels[position:]) + "."
            found = await self._cut_at(candidate, current, nested)
            current = found or current
        return current

    async def cuts_of(self, names: Sequence[str], *, is_urgent: bool = False) -> list[Cut]:
        """The zones that really hold names, all walked together: one round trip for each level of the tree."""
        current = dict.fromkeys(names, self.root)
        labels = {name: name.rstrip(".").split(".") if name != "." else [] for name in current}
        for level in range(1, max(map(len, labels.values()), default=0) + 1):
            candidates = {name: ".".join(parts[-level:]) + "." for name, parts in labels.items() if len(parts) >= level}
            parents = {candidate: current[name] for name, candidate in candidates.items()}
            firsts = {(candidate, "NS"): parent for candidate, parent in parents.items()}
            await self._ask_first(firsts, is_urgent=is_urgent)
            found = dict(
                zip(
                    parents,
                    await asyncio.gather(*(self._cut_at(one, parent, None) for one, parent in parents.items())),
                    strict=True,
                )
            )
            for name, candidate in candidates.items():
                current[name] = found[candidate] or current[name]
        return [current[name] for name in names]

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
            cuts = await self.cuts_of([name for name, _ in fresh], is_urgent=is_urgent)
            answers = await self._ask_first(dict(zip(fresh, cuts, strict=True)), is_urgent=is_urgent)
            wanted = [
                (answer.values("CNAME")[0], record_type)
                for (_, record_type), answer in answers.items()
                if isinstance(answer, Reply) and answer.values("CNAME") and not answer.values(record_type)
            ]

    async def _ask_first(
        self, wanted: Mapping[tuple[str, str], Cut], *, is_urgent: bool
    ) -> dict[tuple[str, str], Answer]:
        """Each question to the first server of its zone; the port keeps the answers."""
        firsts = {one: servers[0] for one, cut in wanted.items() if (servers := self._in_turn(cut, one[0]))}
        answers = await self.ask_many(
            [self.question(server, *one, is_urgent=is_urgent) for one, server in firsts.items()]
        )
        return dict(zip(firsts, answers, strict=True))

    async def _cut_at(self, candidate: str, parent: Cut, nested: _Nested | None) -> Cut | None:
        if candidate in self._cuts:
            return self._cuts[candidate]
        if nested and candidate in self._enough:
            return self._enough[candidate]
        if nested:
            # Nested look-ups never wait for one another: two zones that serve each other would wait for ever.
            return await self._find_cut(candidate, parent, nested)
        if candidate in self._pending:
            return await asyncio.shield(self._pending[candidate])
        pending = self._pending[candidate] = asyncio.get_running_loop().create_future()
        try:
            found = await self._find_cut(candidate, parent, None)
        except BaseException as error:
            pending.cancel()
            raise error from None
        finally:
            del self._pending[candidate]
        pending.set_result(found)
        return found

    async def _find_cut(self, candidate: str, parent: Cut, nested: _Nested | None) -> Cut | None:
        """Ask the parent's servers for NS at the name: a referral, or an answer from a server of both zones, is a cut."""
        found: Cut | None = None
        for server in self._in_turn(parent, candidate):
            if nested:
                nested.budget.spend(server, candidate, "NS")
            answer = await self.ask(server, candidate, "NS")
            if isinstance(answer, NoReply) or answer.rcode not in {"NOERROR", "NXDOMAIN"}:
                continue
            names = _ns_names(answer, candidate)
            if names:
                if await self._is_agreed(candidate, parent, server, nested):
                    found = await self._delegated(candidate, parent, answer, names, nested)
                break
            if answer.authoritative:
                break
            # not authoritative and no referral: lame for its own zone; the next one may know
        (self._enough if nested else self._cuts)[candidate] = found
        return found

    async def _is_agreed(self, candidate: str, parent: Cut, first: ServerAddress, nested: _Nested | None) -> bool:
        """Whether most servers of a zone see the cut that one of them gave: one that refers where no other does is at fault itself.

        The root and the top-level domains are taken at their word, and so is a server that sees no cut: to ask all of them about every name
        would be half of all questions, and where others refer the name further down, that is found at the record.
        """
        if parent.name.count(".") < 2:
            return True
        seen = [True]
        for server in self._in_turn(parent, candidate):
            if server == first:
                continue
            if nested:
                nested.budget.spend(server, candidate, "NS")
            answer = await self.ask(server, candidate, "NS")
            if isinstance(answer, Reply) and (has_names := bool(_ns_names(answer, candidate))) | answer.authoritative:
                seen.append(has_names)
            if seen == [True, True]:
                return True
        return seen.count(True) > len(seen) / 2

    async def _delegated(
        self, candidate: str, parent: Cut, answer: Reply, names: tuple[str, ...], nested: _Nested | None
    ) -> Cut:
        # Glue counts only inside the zone of the server that gave it; anything else is hearsay (RFC 5452 §6).
        given: dict[str, list[ServerAddress]] = {}
        for record in answer.additional:
            if record.type in {"A", "AAAA"} and record.name in names and is_in_zone(record.name, parent.name):
                given.setdefault(record.name, []).append(ServerAddress(record.name, record.value))
        glue = tuple(one for servers in given.values() for one in servers[:MAX_ADDRESSES_OF_A_SERVER])
        with_glue = {server.server for server in glue}
        servers, unresolved = list(glue), []
        without = [name for name in names if name not in with_glue]
        inside = [name for name in without if is_in_zone(name, candidate)]
        unresolved += [(name, "inside the zone and the parent gives no glue for it", True) for name in inside]
        elsewhere = [name for name in without if name not in inside]
        if nested and glue:
            return Cut(
                candidate,
                parent.name,
                answer.vantage,
                names,
                glue,
                tuple(sorted(set(servers))),
                unasked=tuple(elsewhere),
            )
        deeper = _Nested(nested.depth + 1, nested.budget) if nested else self._for_servers_of(candidate)
        found = await asyncio.gather(*(self._addresses_of(name, deeper) for name in elsewhere))
        for name, (addresses, reason, certain) in zip(elsewhere, found, strict=True):
            servers += [ServerAddress(name, address) for address in addresses]
            if not addresses:
                unresolved.append((name, reason, certain))
        return Cut(candidate, parent.name, answer.vantage, names, glue, tuple(sorted(set(servers))), tuple(unresolved))

    async def server_addresses(self, name: str, zone: str) -> tuple[tuple[str, ...], str, bool]:
        """The addresses of the name of a zone's server; without any, why, and whether that is certain."""
        return await self._addresses_of(name, self._for_servers_of(zone))

    def _for_servers_of(self, zone: str) -> _Nested:
        return _Nested(1, self._budgets.setdefault(zone, _Budget()))

    async def resolve_server(self, name: str, record_type: str, zone: str) -> Resolved:
        """`resolve` for a server's name: it waits for no other look-up, and asks no more than finding servers may."""
        try:
            return await self._resolve_kept(name, record_type, self._for_servers_of(zone))
        except _TooManyError:
            return Resolved("unknown", (name,), detail="its name depends on too many others")

    async def _addresses_of(self, name: str, nested: _Nested) -> tuple[tuple[str, ...], str, bool]:
        too_many = (), "its name depends on too many others", False
        if nested.depth > MAX_DEPTH:
            return too_many
        try:
            both = await asyncio.gather(*(self._resolve_kept(name, kind, nested) for kind in ("A", "AAAA")))
        except _TooManyError:
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

    async def resolve_by(self, name: str, record_type: str, targets: frozenset[str]) -> Resolved:
        """`resolve`, along a CNAME to one of these targets if any server of the zone gives it: a wrong server leads nobody astray."""
        found = await self.resolve(name, record_type)
        if not targets or not targets.isdisjoint(found.chain[1:2]):
            return found
        cut = await self.cut_of(name)
        for answer in await self.ask_many(
            [self.question(server, name, record_type) for server in self._usable(cut.servers)]
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
        cut = await self.cut_of(last)
        for answer in await self.ask_many(
            [self.question(server, last, record_type) for server in self._usable(cut.servers)]
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

    async def _resolve_kept(self, name: str, record_type: str, nested: _Nested | None) -> Resolved:
        key = (name, record_type)
        if key not in self._resolved:
            resolved = await self._resolve(name, record_type, nested)
            if nested and resolved.status == "unknown":
                return resolved  # it may be unknown only because the depth was used up
            self._resolved[key] = resolved
        return self._resolved[key]

    async def _resolve(self, name: str, record_type: str, nested: _Nested | None) -> Resolved:
        chain = [name]
        last: Answer | None = None
        while len(chain) <= MAX_CHAIN:
            cut = await self._cut_of(chain[-1], nested)
            last, detail, failing = await self._first_good(cut, chain[-1], record_type, nested)
            if nested and cut.unasked and not isinstance(last, Reply):
                cut = await self._with_all_servers(cut, nested)
                last, detail, failing = await self._first_good(cut, chain[-1], record_type, nested)
            if last is None or isinstance(last, NoReply):
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

    async def _with_all_servers(self, cut: Cut, nested: _Nested) -> Cut:
        """Where those with glue do not answer: the others as well."""
        deeper = _Nested(nested.depth + 1, nested.budget)
        found = await asyncio.gather(*(self._addresses_of(name, deeper) for name in cut.unasked))
        more = {ServerAddress(name, one) for name, (some, *_) in zip(cut.unasked, found, strict=True) for one in some}
        whole = self._enough[cut.name] = replace(cut, servers=tuple(sorted({*cut.servers, *more})), unasked=())
        return whole

    async def _first_good(
        self, cut: Cut, name: str, record_type: str, nested: _Nested | None
    ) -> tuple[Answer | None, str, Reply | None]:
        """The first authoritative answer any server of the zone gives; where all of them answer with failures, one of these at the end."""
        detail, last = f"no server of {cut.name} has an address", None
        failing: Reply | None = None
        for server in self._in_turn(cut, name):
            if nested:
                nested.budget.spend(server, name, record_type)
            answer = await self.ask(server, name, record_type)
            if isinstance(answer, NoReply):
                detail = f"{server.server} ({server.address}) did not answer for {cut.name}: {answer.kind}"
            elif answer.authoritative and answer.rcode in {"NOERROR", "NXDOMAIN"}:
                return answer, "", None
            else:
                failing = answer
                detail = f"{server.server} ({server.address}) answered {answer.rcode} for {cut.name} without authority"
            last = answer if isinstance(answer, NoReply) else last
        return last, detail, None if isinstance(last, NoReply) else failing

    def _in_turn(self, cut: Cut, name: str) -> list[ServerAddress]:
        """A zone's servers in the order in which they are asked for a name: the load of many names is spread over all of them."""
        families = self._by_family.get(cut.servers)
        if families is None:
            usable = self._usable(cut.servers)
            families = [[server for server in usable if server.family == family] for family in self._families]
            self._by_family[cut.servers] = families
        order = [server for servers in families for server in in_turn(servers, name)]
        return sorted(order, key=self._is_silent) if self._silent else order

    def _is_silent(self, server: ServerAddress) -> bool:
        """Each further question to it may cost a whole time-out, so it is asked last."""
        return server.address in self._silent

    def _usable(self, servers: tuple[ServerAddress, ...]) -> list[ServerAddress]:
        usable = [server for family in self._families for server in servers if server.family == family]
        return usable[:MAX_SERVERS]


def in_turn(servers: Sequence[ServerAddress], name: str) -> list[ServerAddress]:
    """The servers in an order that depends on the name alone: none gets all that only one must be asked, in a replay as in the run."""
    first = zlib.crc32(name.encode()) % len(servers) if servers else 0
    return [*servers[first:], *servers[:first]]


def _ns_names(answer: Reply, zone: str) -> tuple[str, ...]:
    records: tuple[ResourceRecord, ...] = answer.answer + answer.authority
    return tuple(sorted({record.value for record in records if record.type == "NS" and record.name == zone}))[
        :MAX_SERVERS
    ]
