"""Edges that clicks are about to be led to: only on a proof of this hour that the edge answers as it must."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from linkproof import registry
from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.guard import Refusal
from linkproof.contract.state import State
from linkproof.declaration.model import Declaration
from linkproof.engine.guard.deployed import AT_EDGE, Deployed, edges_in_use

FRESH: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Proof:
    """What one edge showed for one click host, asked at its own addresses.

    Args:
        edge: its provider.
        host: the click host.
        deployed_at: when the engine last wrote the state that says where the edge is; a later deployment may have changed it.
        at: when it was asked, aware.
        wrong: what is not as it must be; empty where nothing is.
        unseen: what could not be asked, whatever was done; it is said, and refuses nothing.
        is_whole: a person asked for it, with the requirements of the conformance suite: then a fault stands until it is asked for again.
    """

    edge: str
    host: str
    deployed_at: str
    at: datetime
    wrong: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    is_whole: bool = False

    def stands(self, edge: str, host: str, deployed_at: str, now: datetime) -> bool:
        """Whether it says of this edge, as it is deployed now, whether clicks may be led there: it passed, or somebody is to mend what it says."""
        of_it = (self.edge, self.host, self.deployed_at) == (edge, host, deployed_at)
        return of_it and (self.is_whole or not self.wrong) and timedelta() <= now - self.at <= FRESH


Prove = Callable[[Sequence[str]], Mapping[str, Proof]]
"""From the keys of links to what their edges show, by key."""


def arrivals(links: Sequence[Deployed], declaration: Declaration, state: State) -> dict[str, Deployed]:
    """Every link whose click host would be led to an edge that it is not led to now, by key."""
    found: dict[str, Deployed] = {}
    for one in links:
        link = one.link
        if link is None or link.phase not in PHASES_AT_EDGE or link.edge is None or not one.past:
            continue
        edge = declaration.edge_of(link)
        if edge is None or registry.edge(edge.provider).state is None:
            continue  # the sender's own: the click host is there already
        is_stepping = not one.past <= set(AT_EDGE)
        if is_stepping or edge.provider not in edges_in_use(one, state):
            found[link.key] = one
    return found


def judge_arrivals(arriving: Mapping[str, Deployed], state: State, prove: Prove) -> Iterator[Refusal]:
    """Ask about every one, all at once, and refuse those whose edge does not show what clicks need."""
    if not arriving:
        return
    proofs = prove(list(arriving))
    for key, deployed in arriving.items():
        proof = proofs[key]
        if proof.wrong:
            yield Refusal(
                "phase.unproven",
                deployed.host,
                f"the {proof.edge} edge is not ready for clicks: {'; '.join(proof.wrong[:3])}",
                f"mend it in phase ready; `linkproof probe {key} -s {state.stack}` asks it again",
            )
