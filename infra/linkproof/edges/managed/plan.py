"""The sender's own edge: the click host stays at the sender, which serves it over HTTPS once the link is secured."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.checks import Endpoint
from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Nothing is made; what the sender serves is proved."""
    return EdgePlanned({use.key: _part(use) for use in uses})


def _part(use: EdgeUse) -> EdgePart:
    endpoint = Endpoint(
        id=f"{use.key}/sender",
        path=use.path,
        host=use.host,
        sender=use.link.sender.provider,
        phase=use.link.phase,
        hsts_parents=use.hsts_parents,
        in_use=use.link.in_use,
    )
    return EdgePart(
        checks=(endpoint,),
        click=Click(f"{use.needs.origin}."),
        certificate="the sender's own",
    )
