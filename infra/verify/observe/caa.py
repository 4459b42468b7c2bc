"""Find the CAA set that decides for a host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infra.verify.observations import Resolved

if TYPE_CHECKING:
    from infra.verify.observe.dns_walk import Walker


async def observe_caa(walker: Walker, host: str) -> Resolved:
    """Climb from the host to the top-level domain; CNAMEs are followed at each step, the target's parents are not (RFC 8659 §3)."""
    labels = host.rstrip(".").split(".")
    last = None
    for position in range(len(labels)):
        name = ".".join(labels[position:]) + "."
        found = await walker.resolve(name, "CAA")
        if found.status != "missing":
            return found
        last = found.last
    return Resolved("missing", (f"{host}.",), last=last, detail="no CAA anywhere above")
