"""Find the CAA set that decides for a host, and the sets that other servers would let decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linkproof.verify.observations.answer import Reply
from linkproof.verify.observations.resolved import Resolved

if TYPE_CHECKING:
    from linkproof.verify.observe.dns.walk import Walker


async def observe_caa(walker: Walker, host: str) -> tuple[Resolved, ...]:
    """Climb from the host to the top-level domain; CNAMEs are followed at each step, the target's parents are not (RFC 8659 §3).

    Returns:
        what decides; then each other set that a server has at one of the names above the host. They are asked of every server, for a CA may
        ask any, and they are the same for thousands of hosts.
    """
    labels = host.rstrip(".").split(".")
    last, climbed = None, []
    decided = None
    for position in range(len(labels)):
        name = ".".join(labels[position:]) + "."
        climbed.append(name)
        found = await walker.resolve(name, "CAA")
        if found.status != "missing":
            decided = found
            break
        last = found.last
    if decided is None:
        decided = Resolved("missing", (f"{host}.",), last=last, detail="no CAA anywhere above")
    others: dict[tuple[str, tuple[str, ...]], Resolved] = {}
    for name in climbed[1:]:
        if name.count(".") > 1:
            for found in await _elsewhere(walker, name):
                others.setdefault(_values(found), found)
    others.pop(_values(decided), None)
    return (decided, *others.values())


async def _elsewhere(walker: Walker, name: str) -> list[Resolved]:
    """The set that each server of the name's zone has right there; those without any leave it to the names above."""
    cut = await walker.cut_of(name)
    found = []
    for answer in await walker.ask_many([walker.question(server, name, "CAA") for server in walker.usable(cut)]):
        if isinstance(answer, Reply) and answer.authoritative:
            records = tuple(record for record in answer.answer if record.type == "CAA" and record.name == name)
            if records:
                found.append(Resolved("found", (name,), records, answer))
    return found


def _values(found: Resolved) -> tuple[str, tuple[str, ...]]:
    return found.chain[-1], tuple(sorted(record.value for record in found.records))
