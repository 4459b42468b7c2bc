"""Real zone cuts, found label by label from the root."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from linkproof.verify.observations.answer import NoUsableReply, Reply
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observe.dns.zone_cut import MAX_ADDRESSES_OF_A_SERVER, ZoneCut, ns_names
from linkproof.verify.values import is_in_zone

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observe.dns.authority_client import AuthorityClient
    from linkproof.verify.observe.dns.lookup_budget import NestedLookup


class ServerNames(Protocol):
    """Finds the addresses of servers that a delegation names without any."""

    def lookup_for(self, zone: str) -> NestedLookup:
        """The first of the look-ups for a zone's servers; all of them share what may be asked."""

    async def addresses_of(self, name: str, nested: NestedLookup) -> tuple[tuple[str, ...], str, bool]:
        """The addresses; without any, why, and whether that is certain."""


class Delegations:
    """Walks delegations, each zone once.

    Args:
        client: asks.
        hints: the root servers.
        server_names: finds addresses of servers elsewhere.
    """

    def __init__(self, client: AuthorityClient, hints: tuple[ServerAddress, ...], server_names: ServerNames) -> None:
        self._client, self._server_names = client, server_names
        self.root = ZoneCut(".", "", None, tuple(sorted({server.server for server in hints})), hints, hints)
        self._cuts: dict[str, ZoneCut | None] = {".": self.root}
        # found on the way to a server's address, perhaps without some of their servers: enough to find a name by, and nothing to judge
        self._enough: dict[str, ZoneCut | None] = {}
        self._pending: dict[str, asyncio.Future[ZoneCut | None]] = {}
        # each name is looked for several times, by each type that is asked
        self._of_name: dict[str, ZoneCut] = {}

    def keep_enough(self, cut: ZoneCut) -> None:
        """Let nested look-ups use a cut of which more servers are known now."""
        self._enough[cut.name] = cut

    def parent_servers(self, cut: ZoneCut) -> tuple[ServerAddress, ...]:
        """Every address of the servers that delegate a zone, in the families that may be used."""
        parent = self._cuts.get(cut.parent)
        return tuple(self._client.usable(parent)) if parent else ()

    async def cut_of(self, name: str) -> ZoneCut:
        """The zone that really holds a name, found label by label from the root."""
        return await self.nested_cut_of(name, None)

    async def nested_cut_of(self, name: str, nested: NestedLookup | None) -> ZoneCut:
        """`cut_of`, for the address of some zone's server."""
        if nested is None and (known := self._of_name.get(name)) is not None:
            return known
        labels = name.rstrip(".").split(".") if name != "." else []
        current = self.root
        for position in range(len(labels) - 1, -1, -1):
            candidate = ".".join(labels[position:]) + "."
            found = await self._cut_at(candidate, current, nested)
            current = found or current
        if nested is None:
            self._of_name[name] = current
        return current

    async def cuts_of(self, names: Sequence[str], *, is_urgent: bool = False) -> list[ZoneCut]:
        """The zones that really hold names, all walked together: one round trip for each level of the tree."""
        current = dict.fromkeys((name for name in names if name not in self._of_name), self.root)
        labels = {name: name.rstrip(".").split(".") if name != "." else [] for name in current}
        for level in range(1, max(map(len, labels.values()), default=0) + 1):
            candidates = {name: ".".join(parts[-level:]) + "." for name, parts in labels.items() if len(parts) >= level}
            parents = {candidate: current[name] for name, candidate in candidates.items()}
            fresh = {one: parent for one, parent in parents.items() if one not in self._cuts}
            if fresh:
                firsts = {(candidate, "NS"): parent for candidate, parent in fresh.items()}
                answers = await self.ask_first(firsts, is_urgent=is_urgent)
                plain = [one for one in fresh if self._knows_no_cut(one, answers.get((one, "NS")))]
                self._cuts.update((one, None) for one in plain if one not in self._cuts)
                others = [(one, parent) for one, parent in fresh.items() if one not in self._cuts]
                await asyncio.gather(*(self._cut_at(one, parent, None) for one, parent in others))
            for name, candidate in candidates.items():
                current[name] = self._cuts[candidate] or current[name]
        self._of_name.update(current)
        return [self._of_name[name] for name in names]

    def _knows_no_cut(self, candidate: str, answer: Answer | None) -> bool:
        """Whether the first answer settles it, as it does for nearly every name: no cut here. Anything else is looked into."""
        if not isinstance(answer, Reply) or not answer.authoritative or answer.rcode not in {"NOERROR", "NXDOMAIN"}:
            return False
        if ns_names(answer, candidate):
            return False
        self._client.heard(answer.vantage.address)
        return True

    async def ask_first(
        self, wanted: Mapping[tuple[str, str], ZoneCut], *, is_urgent: bool
    ) -> dict[tuple[str, str], Answer]:
        """Each question to the first server of its zone; the port keeps the answers."""
        firsts = {one: servers[0] for one, cut in wanted.items() if (servers := self._client.in_turn(cut, one[0]))}
        answers = await self._client.ask_many(
            [self._client.question(server, *one, is_urgent=is_urgent) for one, server in firsts.items()]
        )
        return dict(zip(firsts, answers, strict=True))

    async def _cut_at(self, candidate: str, parent: ZoneCut, nested: NestedLookup | None) -> ZoneCut | None:
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

    async def _find_cut(self, candidate: str, parent: ZoneCut, nested: NestedLookup | None) -> ZoneCut | None:
        """Ask the parent's servers for NS at the name: a referral, or an answer from a server of both zones, is a cut."""
        found: ZoneCut | None = None
        for server in self._client.in_turn(parent, candidate):
            if nested:
                nested.budget.spend(server, candidate, "NS")
            answer = await self._client.ask(server, candidate, "NS")
            if isinstance(answer, NoUsableReply) or answer.rcode not in {"NOERROR", "NXDOMAIN"}:
                continue
            names = ns_names(answer, candidate)
            if names:
                if await self._is_agreed(candidate, parent, server, nested):
                    found = await self._delegated(candidate, parent, answer, names, nested)
                break
            if answer.authoritative:
                break
            # not authoritative and no referral: lame for its own zone; the next one may know
        (self._enough if nested else self._cuts)[candidate] = found
        return found

    async def _is_agreed(
        self, candidate: str, parent: ZoneCut, first: ServerAddress, nested: NestedLookup | None
    ) -> bool:
        """Whether most servers of a zone see the cut that one of them gave: one that refers where no other does is at fault itself.

        The root and the top-level domains are taken at their word, and so is a server that sees no cut: to ask all of them about every name
        would be half of all questions, and where others refer the name further down, that is found at the record.
        """
        if parent.name.count(".") < 2:
            return True
        seen = [True]
        for server in self._client.in_turn(parent, candidate):
            if server == first:
                continue
            if nested:
                nested.budget.spend(server, candidate, "NS")
            answer = await self._client.ask(server, candidate, "NS")
            if isinstance(answer, Reply) and (has_names := bool(ns_names(answer, candidate))) | answer.authoritative:
                seen.append(has_names)
            if seen == [True, True]:
                return True
        return seen.count(True) > len(seen) / 2

    async def _delegated(
        self, candidate: str, parent: ZoneCut, answer: Reply, names: tuple[str, ...], nested: NestedLookup | None
    ) -> ZoneCut:
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
            return ZoneCut(
                candidate,
                parent.name,
                answer.vantage,
                names,
                glue,
                tuple(sorted(set(servers))),
                unasked=tuple(elsewhere),
            )
        deeper = nested.deeper() if nested else self._server_names.lookup_for(candidate)
        found = await asyncio.gather(*(self._server_names.addresses_of(name, deeper) for name in elsewhere))
        for name, (addresses, reason, certain) in zip(elsewhere, found, strict=True):
            servers += [ServerAddress(name, address) for address in addresses]
            if not addresses:
                unresolved.append((name, reason, certain))
        return ZoneCut(
            candidate, parent.name, answer.vantage, names, glue, tuple(sorted(set(servers))), tuple(unresolved)
        )
