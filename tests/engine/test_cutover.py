"""Links go to an edge and back by `linkproof deploy` while they are clicked through real resolvers: none is lost; without it some are."""

from __future__ import annotations

from pathlib import Path

from linkproof.errors import LinkproofError  # noqa: F401

from bench.cutover import Cutover, bad, control
from bench.cutover_clicks import Readers
from bench.cutover_resolvers import KINDS, running
from tests import parts
from tests.engine.sandbox import Sandbox

PLAIN = tuple(kind for kind in KINDS if not kind.stale)


def test_there_and_back_without_a_click_lost_and_the_control_loses(fresh: Sandbox, tmp_path: Path) -> None:
    for kind in PLAIN:
        parts.need(kind.package, kind.program)
    cutover = Cutover(fresh, 3, last="ready")
    cutover.start()
    with running(tmp_path / "resolvers", fresh.lab, PLAIN) as resolvers:
        with Readers(fresh.lab, resolvers, cutover.busy, cutover.rare) as readers:
            cutover.there_and_back(readers, 600)
        clicks = readers.settled()
        assert bad(clicks) == []
        assert {(click.resolver, click.scheme) for click in clicks} == {
            (one.name, scheme) for one in resolvers for scheme in ("http", "https")
        }
        assert control(fresh, cutover, resolvers).met
