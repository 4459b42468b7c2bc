"""Asks the authoritative servers of zones, each in its turn, and those last that leave questions unanswered."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.question import PLAIN, DnsQuestion, Manner
from linkproof.verify.observe.dns.zone_cut import MAX_SERVERS
from linkproof.verify.observe.port import ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.dns.zone_cut import ZoneCut
    from linkproof.verify.observe.port import Port


class AuthorityClient:
    """Asks without recursion.

    Args:
        transport: sends the questions.
        port: of every authoritative server.
        families: address families that may be used for walking, in order of preference.
    """

    def __init__(self, transport: Port, port: int, families: tuple[int, ...]) -> None:
        self._transport, self._port, self._families = transport, port, families
        # addresses that left a question of ours unanswered, and none answered since
        self._silent: set[str] = set()
        self._vantages: dict[ServerAddress, Vantage] = {}
        # by the identity of a zone's servers, which are kept beside: hashing each of them for each name would take longer than the rest
        self._rotations: dict[int, tuple[tuple[ServerAddress, ...], list[list[list[ServerAddress]]]]] = {}

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
            self.heard(server.address)
        elif answer.kind == "timeout" and not once:
            self._silent.add(server.address)
        return answer

    def heard(self, address: str) -> None:
        """It answered: it is not asked last any more."""
        self._silent.discard(address)

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
    ) -> DnsQuestion:
        """A question to an authoritative server."""
        vantage = self._vantages.get(server)
        if vantage is None:
            vantage = Vantage("authoritative", server.server, server.address, "udp")
            self._vantages[server] = vantage
        return DnsQuestion(vantage, self._port, name, record_type, manner, over_tcp, once, is_urgent=is_urgent)

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        """Ask all of them at once."""
        return await self._transport.ask_many(questions)

    def usable(self, cut: ZoneCut) -> list[ServerAddress]:
        """Every address of a zone's servers, in the families that may be used."""
        return self._in_families(cut.servers)

    def in_turn(self, cut: ZoneCut, name: str) -> list[ServerAddress]:
        """A zone's servers in the order in which they are asked for a name: the load of many names is spread over all of them."""
        known = self._rotations.get(id(cut.servers))
        if known is None:
            usable = self.usable(cut)
            families = [[server for server in usable if server.family == family] for family in self._families]
            turns = [[_turned(servers, first) for first in range(len(servers))] for servers in families if servers]
            known = self._rotations[id(cut.servers)] = (cut.servers, turns)
        number = zlib.crc32(name.encode())
        order = [server for turns in known[1] for server in turns[number % len(turns)]]
        return sorted(order, key=self._is_silent) if self._silent else order

    def _is_silent(self, server: ServerAddress) -> bool:
        """Each further question to it may cost a whole time-out, so it is asked last."""
        return server.address in self._silent

    def _in_families(self, servers: tuple[ServerAddress, ...]) -> list[ServerAddress]:
        usable = [server for family in self._families for server in servers if server.family == family]
        return usable[:MAX_SERVERS]


def rotated(servers: Sequence[ServerAddress], name: str) -> list[ServerAddress]:
    """The servers in an order that depends on the name alone: none gets all that only one must be asked, in a replay as in the run."""
    return _turned(servers, zlib.crc32(name.encode()) % len(servers) if servers else 0)


def _turned(servers: Sequence[ServerAddress], first: int) -> list[ServerAddress]:
    return [*servers[first:], *servers[:first]]
