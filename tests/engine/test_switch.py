"""From one edge to another and back under continuous clicks: none is lost; and what an edge that goes at once costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED

from tests.engine.clicks import Clicks
from tests.engine.sandbox import Sandbox, link, sandbox
from tests.engine.switching import host_of, ring, with_pairs

HOST, HASTY = "url1.example.com", "url2.example.com"
RING = ring()


def declared(*, moved: bool, edge: str = "cloudfront", standby: str | None = "cloudflare") -> dict[str, Any]:
    """The ring, a link whose answers that lead to CloudFront live 60 s (the least that Cloudflare takes), and a hasty one."""
    more = {"standby": standby} if standby else {}
    one = link(HOST, "secured", edge, ttl_seconds=60, **more)
    return with_pairs(RING, moved=moved, one=one, hasty=link(HASTY, "secured", "cloudfront"))


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("switch")) as made:
        made.stack("dev", declared(moved=False))
        made.up("dev")
        with made.control as control:
            control.put_document(LEFT_KIND, ONCE_PROXIED, {"answers": True})
        yield made


def step(box: Sandbox, declaration: dict[str, Any]) -> list[tuple[str, str]]:
    """Deploy what the guard allows, and say what the engine did."""
    box.declare("dev", declaration)
    box.linkproof("guard", "dev", "--wait", "2m")
    return box.steps_of_up("dev")


def at(box: Sandbox, edge: str) -> tuple[str, ...]:
    return tuple(box.lab.edge_addresses(edge))


def test_a_ring_of_edges_both_ways_without_a_click_lost(box: Sandbox) -> None:
    hosts = [host_of(pair) for pair in RING]
    with Clicks(box, HOST, *hosts) as clicks:
        clicks.more(10)
        moved = step(box, declared(moved=True, edge="cloudflare", standby="cloudfront"))
        assert sorted(moved) == sorted(("update", f"{host}/CNAME") for host in (HOST, *hosts))
        clicks.reach(HOST, at(box, "cloudflare"))
        code, report = box.verify("dev")
        assert (code in (0, 4), report["findings"]) == (True, []), report["could_not_check"]
        assert {one["id"] for one in report["certificates"]} >= {"one/edge", "one/standby"}
        left = {f"{'-'.join(pair)}/standby" for pair in RING if pair[0] == "cloudflare"}
        assert {one["id"] for one in report["unprobed"]} >= left, (
            "nothing can be asked at Cloudflare before it is led there"
        )

        back = step(box, declared(moved=False, edge="cloudflare", standby=None))
        assert sorted(one for one in back if one[0] == "update") == sorted(
            ("update", f"{host}/CNAME") for host in hosts
        )
        gone = {name for op, name in back if op == "delete"}
        assert HOST in gone, "the distribution, once the last answer that led to it had died"
        clicks.more(30)
    assert clicks.lost == {host: [] for host in clicks.made}
    assert sum(clicks.made.values()) >= 200


def test_failover_shows_asks_and_moves_and_says_how_long_old_answers_live(box: Sandbox) -> None:
    key, host, file = "cloudfront-cloudflare", host_of(("cloudfront", "cloudflare")), box.root / "stacks" / "dev.yaml"
    before = file.read_text()
    looked = box.linkproof("failover", key, "--stack", "dev", "--dry-run").stdout
    assert f"{host}: clicks go to edge cloudflare (cloudflare, account default) in place of edge cloudfront" in looked
    assert "not proven: Cloudflare has no edge for" in looked
    assert "say --yes" in box.linkproof("failover", key, "--stack", "dev", code=2).stderr
    assert "hasty has no standby" in box.linkproof("failover", "hasty", "--stack", "dev", code=2).stderr
    assert file.read_text() == before
    with Clicks(box, host) as clicks:
        said = json.loads(box.linkproof("failover", host, "--stack", "dev", "--yes", "--json").stdout)
        clicks.more(20)
    assert clicks.lost == {host: []}
    assert (said["from"], said["to"], said["moved"]) == ("cloudfront", "cloudflare", True)
    assert said["old_answers_until"] is not None
    after = file.read_text()
    assert len(after) == len(before)
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")

    file.write_text(after.replace("    standby: cloudfront\n", "", 1))
    refusals = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)["refusals"]
    assert [(one["rule"], one["host"]) for one in refusals] == [("phase.edge-still-in-use", host)]
    file.write_text(f"{after}    ttl_seconds: 120\n")  # of the last link
    waiting = box.linkproof("failover", key, "--stack", "dev", "--yes", code=2).stderr
    assert "changes that are not deployed (" in waiting
    assert f"{HASTY}/CNAME" in waiting
    file.write_text(after)


def test_an_edge_that_goes_with_the_record_loses_clicks_and_guard_and_engine_refuse_it(box: Sandbox) -> None:
    file = box.root / "stacks" / "dev.yaml"
    with Clicks(box, HASTY) as clicks:
        clicks.more(20)
        entry = file.read_text().partition("  hasty:\n")
        file.write_text(entry[0] + entry[1] + entry[2].replace("edge: cloudfront", "edge: cloudflare", 1))
        assert f"refused: {HASTY}: the edge changes" in box.linkproof("guard", "dev", code=2).stdout
        refused = box.up("dev", code=None)
        assert "it is protected" in refused.stdout, "the engine's own refusal, after the record has moved"
        clicks.more(20)
        assert clicks.lost[HASTY] == []
        box.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
        box.up("dev")
        clicks.more(20)
    assert clicks.lost[HASTY], "answers of before led to a distribution that was gone"
