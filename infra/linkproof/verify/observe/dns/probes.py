"""Questions that no resolver puts to an authoritative server: what it makes of them shows how it is set up."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Answer, NoUsableReply, Reply
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observations.zone import LaterEdns, ZoneObservation
from linkproof.verify.observe.dns.question import LATER_EDNS, PLAIN, Manner

if TYPE_CHECKING:
    from linkproof.verify.observe.dns.walk import Walker

# One lost packet proves nothing, and neither do three in a row on a busy path; three alternating pairs do.
EDNS_PAIRS = 3
# Of a name with its dots (RFC 1035 §2.3.4).
MOST_OCTETS = 253


async def alternating(
    walker: Walker, server: ServerAddress, zone: str, doubted: Manner, usual: Manner, first: Answer | None = None
) -> tuple[tuple[Answer, Answer], ...]:
    """Pairs of answers to SOA, asked in the doubted and in the usual manner; they end with the first that clears the server.

    Args:
        first: the outcome of the first question in the doubted manner, where it is known: each loss costs a whole time-out.
    """
    pairs = []
    for number in range(EDNS_PAIRS):
        # now the one first, now the other: loss that comes at regular intervals then hits both
        order = (doubted, usual) if number % 2 == 0 else (usual, doubted)
        known = {doubted: first} if first is not None and number == 0 else {}
        answers = {
            manner: known.get(manner) or await walker.ask(server, zone, "SOA", manner, once=True) for manner in order
        }
        pairs.append((answers[doubted], answers[usual]))
        if isinstance(answers[doubted], Reply) or isinstance(answers[usual], NoUsableReply):
            break
    return tuple(pairs)


async def ask_recursion(
    walker: Walker, zone: ZoneObservation, working: list[ServerAddress]
) -> dict[ServerAddress, Answer]:
    """Whether RA in a server's answers is true: the flag alone is often only a setting that nobody looked at."""
    claiming = [
        (server, answer)
        for server in working
        if isinstance(answer := zone.soa[server], Reply) and answer.authoritative and answer.recursion_available
    ]
    # nobody has a name below invalid. (RFC 6761 §6.4), so that only a look-up that ends at the root tells so;
    # with the zone in it, for played back the questions of several zones of one server must not be taken for one another
    name = f"lp-{secrets.token_hex(6)}.{zone.name.rstrip('.')}.invalid."
    if zone.name == "." or len(name) > MOST_OCTETS:
        return {}
    answers = await asyncio.gather(
        *(
            walker.ask(server, name, "A", Manner(recursion_desired=True, with_edns=answer.with_edns), once=True)
            for server, answer in claiming
        )
    )
    return {server: answer for (server, _), answer in zip(claiming, answers, strict=True)}


async def ask_later_edns(
    walker: Walker, zone: ZoneObservation, working: list[ServerAddress]
) -> dict[ServerAddress, LaterEdns]:
    """A version of EDNS that does not exist; servers that do without EDNS at all are not asked."""
    asked = [server for server in working if isinstance(answer := zone.soa[server], Reply) and answer.with_edns]
    found = await asyncio.gather(*(_later_edns(walker, server, zone.name) for server in asked))
    return dict(zip(asked, found, strict=True))


async def _later_edns(walker: Walker, server: ServerAddress, zone: str) -> LaterEdns:
    first = await walker.ask(server, zone, "SOA", LATER_EDNS, once=True)
    if isinstance(first, NoUsableReply) and first.kind == "timeout":
        return LaterEdns(first, await alternating(walker, server, zone, LATER_EDNS, PLAIN, first))
    return LaterEdns(first)
