"""Links go to an edge and back by `linkproof deploy` while they are clicked through real resolvers: none is lost; without it some are.

On the way `up` is killed, and the DNS hosts are down when clicks are to be led back: the deployment after that ends where declared.
"""

from __future__ import annotations

from pathlib import Path

from bench.cutover import WAY, Cutover, bad, control
from bench.cutover_clicks import Readers
from bench.cutover_resolvers import KINDS, running
from bench.cutover_troubles import Trouble, dns_hosts_down, killed
from tests import parts
from tests.engine.sandbox import Sandbox

PLAIN = tuple(kind for kind in KINDS if not kind.stale)
CLICKS = 300  # at least; the bench makes many
TROUBLES: dict[int, tuple[Trouble, ...]] = {0: (killed,), 3: (dns_hosts_down,)}
PAUSE_SECONDS = 0.05  # the deployments are to have the machine


def test_there_and_back_without_a_click_lost_and_the_control_loses(fresh: Sandbox, tmp_path: Path) -> None:
    for kind in PLAIN:
        parts.need(kind.package, kind.program)
    cutover = Cutover(fresh, 3, last="ready")
    cutover.start("ready")
    with running(tmp_path / "resolvers", fresh.lab, PLAIN) as resolvers:
        with Readers(fresh.lab, resolvers, cutover.busy, cutover.rare, PAUSE_SECONDS) as readers:
            cutover.there_and_back(readers, CLICKS, WAY[1:], TROUBLES)
        clicks = readers.settled()
        assert bad(clicks) == []
        schemes = {(click.resolver, click.scheme) for click in clicks}
        assert schemes == {(one.name, scheme) for one in resolvers for scheme in ("http", "https")}
        assert {click.host for click in clicks} == {*cutover.busy, *cutover.rare}
        assert control(fresh, cutover, resolvers, ["live"], clicks=150).met
