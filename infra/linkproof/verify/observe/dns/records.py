"""Ask every healthy authoritative server for each record: all records of all zones together, stage by stage."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from linkproof.verify.observations.answer import Answer, Reply
from linkproof.verify.observations.record import RecordAnswers, RecordObservation
from linkproof.verify.observations.resolved import Resolved
from linkproof.verify.observations.vantage import ServerAddress
from linkproof.verify.observe.concurrency import concurrent_map
from linkproof.verify.observe.dns.authority_client import rotated
from linkproof.verify.observe.dns.question import DNSSEC, PLAIN
from linkproof.verify.values import canonical_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.expectations.model import RecordExpectation
    from linkproof.verify.observations.zone import ZoneObservation
    from linkproof.verify.observe.dns.question import DnsQuestion
    from linkproof.verify.observe.dns.walk import Walker

Answers = dict[ServerAddress, RecordAnswers]


class RecordInZone(NamedTuple):
    """A record and where it really stands.

    Args:
        healthy: the servers that serve the zone; the others are judged as servers, once.
    """

    record: RecordExpectation
    zone: ZoneObservation
    healthy: tuple[ServerAddress, ...]


# A server that gives the right answer half of the time gives it to all of five questions once in 32; to many more nobody would wait.
MOST_REPEATS, MOST_REPEATED_QUESTIONS = 3, 6_000


def pairs_of(placed: Sequence[RecordInZone]) -> int:
    """How many questions it takes to ask every server for its records once."""
    return sum(len(one.healthy) for one in placed)


def repeats_for(pairs: int) -> int:
    """How many more times each server can be asked for each record, within what is bearable for all of them together."""
    return min(MOST_REPEATS, MOST_REPEATED_QUESTIONS // max(pairs, 1))


async def observe_records(
    walker: Walker, placed: Sequence[RecordInZone], repeats: int = MOST_REPEATS
) -> list[RecordObservation]:
    """Ask every healthy server of a record's zone for it, and follow a CNAME's target.

    Args:
        walker: finds addresses and asks.
        placed: what is expected, which decides what else must be asked, and of whom.
        repeats: how many more times each server is asked for each record.
    """
    answers = await _ask_all(walker, placed)
    denials = [
        (position, server)
        for position, found in enumerate(answers)
        for server, answer in found.items()
        if _wants_denial(placed[position].record, answer)
    ]
    wildcards = {
        position: question
        for position in range(len(placed))
        if (question := _wildcard(walker, placed[position], answers[position]))
    }
    doubled = {
        position: question
        for position in range(len(placed))
        if (question := _doubled(walker, placed[position], answers[position]))
    }
    again = [
        (position, server, repeats_about(walker, placed[position], server, repeats))
        for position, found in enumerate(answers)
        for server, answer in found.items()
        if isinstance(answer.own, Reply)
    ]
    more = iter(
        await walker.ask_many(
            [
                *(_denial(walker, placed[position].record, server) for position, server in denials),
                *wildcards.values(),
                *doubled.values(),
                *(question for _, _, questions in again for question in questions),
            ]
        )
    )
    for position, server in denials:
        answers[position][server] = replace(answers[position][server], denial=next(more))
    below = {position: next(more) for position in wildcards}
    deeper = {position: next(more) for position in doubled}
    for position, server, questions in again:
        said = tuple(next(more) for _ in questions)
        answers[position][server] = replace(answers[position][server], repeats=said)
    targets = await _targets(walker, placed, answers)
    return [
        RecordObservation(
            zone=zone,
            answers=answers[position],
            optional_servers=tuple(server for server in zone.servers if server.family not in record.families),
            wildcard=below.get(position),
            target=targets[position],
            doubled=deeper.get(position),
        )
        for position, (record, zone, _) in enumerate(placed)
    ]


async def _ask_all(walker: Walker, placed: Sequence[RecordInZone]) -> list[Answers]:
    """The record at each server, and the addresses beside it."""
    replies = iter(await walker.ask_many([question for one in placed for question in questions_about(walker, one)]))
    return [
        {
            server: RecordAnswers(next(replies), next(replies) if len(_types(record)) > 1 else None)
            for server in healthy
            if server.family in record.families
        }
        for record, _, healthy in placed
    ]


def questions_about(walker: Walker, placed: RecordInZone) -> list[DnsQuestion]:
    """The record at each server, each with the addresses beside it."""
    record, zone, healthy = placed
    # signatures weigh a lot, so they are asked for only where a validating resolver would look at them
    manner = DNSSEC if zone.is_signed else PLAIN
    servers = (server for server in healthy if server.family in record.families)
    return [walker.question(server, record.name, what, manner) for server in servers for what in _types(record)]


def repeats_about(walker: Walker, placed: RecordInZone, server: ServerAddress, repeats: int) -> list[DnsQuestion]:
    """The same record again: of a CNAME by other types, in whose answers it stands as well, for that is how users ask."""
    record, manner = placed.record, DNSSEC if placed.zone.is_signed else PLAIN
    if record.match == "absent":
        return []
    turns = [("AAAA", 0), ("HTTPS", 0), ("A", 1)]
    if len(_types(record)) == 1:
        turns = [(record.type, turn) for turn in range(1, MOST_REPEATS + 1)]
    return [replace(walker.question(server, record.name, what, manner), turn=turn) for what, turn in turns[:repeats]]


def _types(record: RecordExpectation) -> tuple[str, ...]:
    """Beside a CNAME nothing may stand, and a proxied name shows addresses alone: both need the second question."""
    with_address = (
        record.type == "CNAME"
        and record.match != "absent"
        and (record.resolve == "address" or record.served != "as-declared")
    )
    return (record.type, "A") if with_address else (record.type,)


def _wants_denial(record: RecordExpectation, found: RecordAnswers) -> bool:
    return record.match != "absent" and record.served == "as-declared" and _is_empty(found.own)


def _denial(walker: Walker, record: RecordExpectation, server: ServerAddress) -> DnsQuestion:
    return walker.question(server, record.name, record.type, DNSSEC, is_urgent=True)


def _is_empty(answer: Answer) -> bool:
    return isinstance(answer, Reply) and answer.rcode == "NOERROR" and answer.authoritative and not answer.answer


def _doubled(walker: Walker, placed: RecordInZone, answers: Answers) -> DnsQuestion | None:
    """A DNS host that appends the zone to what was typed makes `x.example.com.example.com`."""
    record, zone, _ = placed
    name = f"{record.name}{zone.name}"
    if record.match == "absent" or zone.name == "." or len(name) > 253:
        return None
    for server, answer in answers.items():
        if isinstance(answer.own, Reply) and (answer.own.rcode == "NXDOMAIN" or _wants_denial(record, answer)):
            return walker.question(server, name, record.type, is_urgent=True)
    return None


def _wildcard(walker: Walker, placed: RecordInZone, answers: Answers) -> DnsQuestion | None:
    """Ask below the name: a name that exists shields what is under it from the wildcard beside it (RFC 4592 §2.2.1)."""
    record = placed.record
    if record.match == "absent" or record.name.startswith("*."):
        return None
    for server in rotated(list(answers), record.name):
        own = answers[server].own
        has_addresses = _shows_addresses(record, answers[server])
        if (isinstance(own, Reply) and own.answer) or has_addresses:
            label = f"lpw-{secrets.token_hex(6)}"
            if len(record.name) + len(label) > 252:
                return None
            return walker.question(
                server, f"{label}.{record.name}", "A" if has_addresses else record.type, is_urgent=True
            )
    return None


async def _targets(walker: Walker, placed: Sequence[RecordInZone], answers: list[Answers]) -> list[Resolved | None]:
    """Where each CNAME leads."""
    firsts = {
        position: target
        for position, (record, _, _) in enumerate(placed)
        if (target := _first_target(record, answers[position])) is not None
    }
    wanted = {position: "TXT" if placed[position].record.resolve == "txt" else "A" for position in firsts}
    await walker.prepare(((target, wanted[position]) for position, target in firsts.items()), is_urgent=True)
    found = await concurrent_map(
        list(firsts.items()),
        lambda one: _target(walker, placed[one[0]].record.name, one[1], wanted[one[0]]),
    )
    at = dict(zip(firsts, found, strict=True))
    return [at.get(position) for position in range(len(placed))]


def _first_target(record: RecordExpectation, answers: Answers) -> str | None:
    """The target as it is declared, where a server gives it; else whatever they give. A wrong server leads nobody astray."""
    if record.type != "CNAME" or record.match == "absent" or record.served != "as-declared" or record.resolve == "none":
        return None
    given = [value for found in answers.values() if isinstance(found.own, Reply) for value in found.own.values("CNAME")]
    declared = {canonical_value("CNAME", value) for value in record.values}
    if not given and len(declared) == 1 and _is_flattened(record, answers):
        return next(iter(declared))  # whether these are its addresses tells what became of the CNAME
    return next((value for value in given if value in declared), given[0] if given else None)


def _is_flattened(record: RecordExpectation, answers: Answers) -> bool:
    return any(_shows_addresses(record, found) for found in answers.values())


def _shows_addresses(record: RecordExpectation, found: RecordAnswers) -> bool:
    """Whether a name that should be a CNAME has addresses itself."""
    if record.type != "CNAME" or record.served != "as-declared" or not isinstance(found.own, Reply) or found.own.answer:
        return False
    return isinstance(found.address, Reply) and bool(found.address.values("A"))


async def _target(walker: Walker, name: str, target: str, wanted: str) -> Resolved:
    if target == name:
        return Resolved("loop", (name, target), detail=f"{target} comes round again")
    resolved = await walker.resolve_anywhere(target, wanted)
    if wanted == "A" and resolved.status == "missing":
        second = await walker.resolve(target, "AAAA")
        resolved = second if second.status == "found" else resolved
    status = "loop" if name in resolved.chain else resolved.status
    return replace(resolved, status=status, chain=(name, *resolved.chain))
