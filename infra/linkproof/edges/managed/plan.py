"""The sender's own edge: the click host leads to where the sender terminates HTTPS, in both phases alike."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.checks import CaaNeed, Check, Endpoint
from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Nothing is made; what the sender serves is proved: in `branded` its certificate may still be to come."""
    return EdgePlanned({use.key: _part(use) for use in uses})


def _part(use: EdgeUse) -> EdgePart:
    own = use.needs.own_edge
    checks: tuple[Check, ...] = (
        Endpoint(
            id=f"{use.key}/sender",
            path=use.path,
            host=use.host,
            sender=use.link.sender.provider,
            phase=use.link.phase,
            edge=use.edge.provider,
            https="optional" if use.link.phase == "branded" else "required",
            hsts_parents=use.hsts_parents,
            in_use=use.link.in_use,
        ),
    )
    if own is not None and own.cas:
        checks = (
            *checks,
            CaaNeed(f"{use.key}/sender-caa", f"{use.path}.click_host", use.host, own.cas, own.methods),
        )
    return EdgePart(
        checks=checks,
        click=Click(f"{own.target if own is not None else use.needs.origin}."),
        certificate="the sender's own",
    )
