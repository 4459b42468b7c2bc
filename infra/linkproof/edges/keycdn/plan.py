"""KeyCDN: one zone and one zone alias per link."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.edge import Click, EdgePart, EdgePlanned, EdgeUse
from linkproof.contract.values import Late
from linkproof.edges.keycdn.items import Alias, Zone

TARGET = "zone_target"


def plan(uses: Sequence[EdgeUse]) -> EdgePlanned:
    """Nothing is shared: a mistake in one link's zone reaches no other's."""
    return EdgePlanned({use.key: _part(use) for use in uses})


def target(use: EdgeUse) -> Late:
    """The zone's own name."""
    return Late(use.host, TARGET, "the target of zone")


def _part(use: EdgeUse) -> EdgePart:
    host, origin, certificate = use.host, use.needs.origin, use.edge.options.certificate or ""
    zone = Zone(host, use.path, host, use.edge.account, origin, certificate, use.in_use)
    alias = Alias(host, use.path, host, use.edge.account, use.in_use)
    return EdgePart(
        items=(zone, alias),
        checks=(use.endpoint(target(use)),),
        click=Click(target(use)),
        certificate=f"{certificate} of account {use.edge.account}",
        certificate_is_yours=True,
        settings=(
            ("origin", f"https://{origin} (the viewer's Host)"),
            ("forwards", "query strings: all, a part of the cache key; cookies: none"),
            ("cache", "only what the origin says may be kept"),
            ("viewer", "http and https"),
        ),
    )
