"""Where hosts lead now, asked of every authoritative server of the zones that really hold them. Judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from linkproof.contract.served import HostServed, ServedAt

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observe.dns.walk import Walker
    from linkproof.verify.observe.dns.zone_cut import ZoneCut
    from linkproof.verify.options import VerifyOptions


def ask_authorities(
    hosts: Sequence[str], names: Iterable[str], options: VerifyOptions
) -> tuple[Mapping[str, HostServed], Mapping[str, frozenset[str]]]:
    """Ask about all hosts at once, over IPv4: what reaches every resolver.

    Args:
        hosts: without trailing dot.
        names: further names, with trailing dot, whose addresses are wanted.
        options: the root servers, the port and the patience.

    Returns:
        what was served for each host, and the addresses of each further name, as far as they could be found.

    Raises:
        LinkproofError: the hints file is unusable. What servers do never raises.
    """
    from linkproof.verify.asking import with_walker

    return with_walker(options, lambda walker: _ask(walker, list(dict.fromkeys(hosts)), list(dict.fromkeys(names))))


def not_serving(records: Sequence[tuple[str, str, str]], options: VerifyOptions) -> list[str]:
    """Every server that does not give one of these records, each with what it says instead; empty where all give all.

    Args:
        records: name with trailing dot, type, and value in presentation form.
    """
    from linkproof.verify.asking import with_walker

    return with_walker(options, lambda walker: _not_serving(walker, records))


async def _not_serving(walker: Walker, records: Sequence[tuple[str, str, str]]) -> list[str]:
    problems = []
    for name, kind, value in records:
        cut = await walker.cut_of(name)
        servers = walker.usable(cut)
        if not servers:
            problems.append(f"no server of {cut.name} has an address")
        problems += [
            f"the address of {server} could not be found ({reason})"
            for server, reason, is_certain in cut.unresolved
            if not is_certain
        ]
        answers = await walker.ask_many([walker.question(server, name, kind) for server in servers])
        for server, answer in zip(servers, answers, strict=True):
            if problem := _lacking(answer, kind, value):
                problems.append(f"{server.server.removesuffix('.')} ({server.address}): {problem}")
    return problems


def _lacking(answer: Answer, kind: str, value: str) -> str:
    from linkproof.verify.observations.answer import Reply
    from linkproof.verify.values import canonical_value

    problem = problem_of(answer)
    if problem:
        return problem
    assert isinstance(answer, Reply)
    given = answer.values(kind)
    if canonical_value(kind, value) in {canonical_value(kind, one) for one in given}:
        return ""
    others = f"{len(given)} other{'s' * (len(given) > 1)}" if given else "none"
    return f"{kind} at {answer.name.removesuffix('.')}: {others}"


async def _ask(
    walker: Walker, hosts: list[str], names: list[str]
) -> tuple[dict[str, HostServed], dict[str, frozenset[str]]]:
    from linkproof.verify.observe.concurrency import concurrent_map

    wanted = [f"{host}." for host in hosts]
    cuts = dict(zip(wanted, await walker.cuts_of(wanted), strict=True))
    served = await concurrent_map(wanted, lambda name: _host(walker, name, cuts[name]))
    found = await concurrent_map(names, lambda name: walker.resolve_anywhere(name, "A"))
    return (
        dict(zip(hosts, served, strict=True)),
        {name: _addresses(resolved) for name, resolved in zip(names, found, strict=True)},
    )


async def _host(walker: Walker, name: str, cut: ZoneCut) -> HostServed:
    """CNAME and A at each server: a name that its DNS host resolves itself has the second alone."""
    servers = walker.usable(cut)
    answers = await walker.ask_many(
        [walker.question(server, name, kind) for server in servers for kind in ("CNAME", "A")]
    )
    pairs = list(zip(servers, answers[::2], answers[1::2], strict=True))
    unseen = [f"{server} ({reason})" for server, reason, is_certain in cut.unresolved if not is_certain]
    return HostServed(
        tuple([await _server(walker, name, *pair) for pair in pairs]),
        f"the addresses of {', '.join(unseen)} could not be found" if unseen else "",
    )


async def _server(walker: Walker, name: str, server: ServerAddress, cname: Answer, address: Answer) -> ServedAt:
    from linkproof.verify.observations.answer import Reply

    shown = f"{server.server.removesuffix('.')} ({server.address})"
    problems = [problem for answer in (cname, address) if (problem := problem_of(answer))]
    if problems:
        return ServedAt(shown, problem=problems[0])
    assert isinstance(cname, Reply)
    assert isinstance(address, Reply)
    own = [record for record in (*cname.answer, *address.answer) if record.name == name]
    ttl = max((record.ttl_seconds for record in own if record.type in {"CNAME", "A"}), default=None)
    # the two answers may differ, at a server that is just being told
    targets = list(dict.fromkeys((*cname.values("CNAME"), *address.values("CNAME"))))
    names, addresses = list(targets), list(address.values("A"))
    for target in targets:
        beyond = await walker.resolve_anywhere(target, "A")
        names += beyond.chain
        addresses += _addresses(beyond)
        if beyond.status == "unknown":
            return ServedAt(shown, tuple(names), tuple(addresses), ttl, f"{target} was not answered: {beyond.detail}")
    return ServedAt(shown, tuple(dict.fromkeys(names)), tuple(dict.fromkeys(addresses)), ttl)


def problem_of(answer: Answer) -> str:
    """Why this answer does not say what the zone holds."""
    from linkproof.verify.observations.answer import NoUsableReply

    if isinstance(answer, NoUsableReply):
        return f"no answer ({answer.kind})"
    if answer.rcode not in {"NOERROR", "NXDOMAIN"}:
        return f"it answers {answer.rcode}"
    return "" if answer.authoritative else "it answers without authority"


def _addresses(resolved: Resolved) -> frozenset[str]:
    return frozenset(record.value for record in resolved.records if record.type == "A")
