"""Records that would lead clicks to an edge for longer than a mistake may last."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linkproof import registry
from linkproof.contract.guard import Refusal
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.deployed import Deployed

LONGEST_SECONDS: Final = 3600


def judge_ttl(arriving: dict[str, Deployed], declaration: Declaration, stack: str) -> Iterator[Refusal]:
    """One refusal for each link whose click record would be led to an edge with a TTL of more than an hour.

    A proxy answers with a TTL of its own, whatever is declared.

    Args:
        arriving: by the link's key.
        stack: its name, for the way on.
    """
    for key, one in arriving.items():
        link = one.link
        edge = declaration.edge_of(link) if link is not None else None
        if link is None or edge is None or link.ttl_seconds <= LONGEST_SECONDS:
            continue
        if edge.provider == registry.dns(declaration.zone_of(link.click_host).dns).facts.PROXY:
            continue
        yield Refusal(
            "move.ttl-too-long",
            one.host,
            f"its click record would be led to the {edge.provider} edge with a TTL of {link.ttl_seconds} s: if that is a mistake, resolvers keep"
            " it so long after it is taken back",
            f"`linkproof advance {key} --lower-ttl -s {stack}`, or write `ttl_seconds: 300`; raise it again once the link is secured",
        )
