"""An edge of a declaration as a run asks it: the first of its links stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from linkproof.errors import LinkproofError
from linkproof.plan.link import edge_uses
from linkproof.show import did_you_mean, show

if TYPE_CHECKING:
    from linkproof.contract.needs import EdgeNeeds
    from linkproof.declaration.model import Declaration
    from linkproof.expectations.model import EndpointExpectation


@dataclass(frozen=True, slots=True)
class DeclaredEdge:
    """Args:
    host: of the link.
    sender: name of its plug-in.
    needs: what this link's sender needs of the edge.
    connect: name or address at which the edge is asked, without trailing dot; empty where the host itself leads to it.
    provider: whose edge it is.
    """

    host: str
    sender: str
    needs: EdgeNeeds
    connect: str
    provider: str


def declared_edge(declaration: Declaration, key: str, endpoints: Sequence[EndpointExpectation]) -> DeclaredEdge:
    """The edge with this key, by the first of its links in the declaration's order.

    Args:
        endpoints: as the last deployment left them.

    Raises:
        LinkproofError: there is no such edge, no link is at it, or nobody knows yet where it is.
    """
    if key not in declaration.edges:
        raise LinkproofError(f"{show(key)} is no edge", did_you_mean(key, declaration.edges))
    use = next((one for one in edge_uses(declaration, list(declaration.links.values())) if one.edge.key == key), None)
    if use is None:
        raise LinkproofError(f"no link of {key} is past branded", "write `phase: ready` at the first, and deploy it")
    provider = declaration.edges[key].provider
    for endpoint in endpoints:
        if endpoint.host.rstrip(".") == use.host and endpoint.edge == provider:
            at = str(endpoint.connect or "").removesuffix(".")
            return DeclaredEdge(use.host, use.link.sender.provider, use.needs, at, provider)
    raise LinkproofError(f"where {key} is for {use.host} is not known", "deploy it, then run `linkproof expectations`")
