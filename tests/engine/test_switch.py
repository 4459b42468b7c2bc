"""From one edge to another and back under continuous clicks: none is lost; and what an edge that goes at once costs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.edges.cloudflare.data_plane.hosts import LEFT_KIND, ONCE_PROXIED

from tests.engine.clicks import Clicks
from tests.engine.sandbox import Sandbox, link, linked, sandbox

HOST, HASTY = "url1.example.com", "url2.example.com"


def declared(edge: str, standby: str | None = None, hasty: str = "aws") -> dict[str, Any]:
    """An answer that leads to CloudFront lives 60 s, the least that Cloudflare takes; one of the hasty link as long as by default."""
    more = {"standby": standby} if standby else {}
    whole = linked(
        {
            "one": link(HOST, "secured", edge, ttl_seconds=60, **more),
            "hasty": link(HASTY, "secured", hasty),
        }
    )
    whole["zones"]["example.com"]["propagation_seconds"] = 1
    return whole


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("switch")) as made:
        made.stack("dev", declared("aws"))
        made.up("dev")
        yield made


def step(box: Sandbox, declaration: dict[str, Any]) -> list[tuple[str, str]]:
    """Deploy what the guard allows, and say what the engine did."""
    box.declare("dev", declaration)
    box.linkproof("guard", "dev", "--wait", "2m")
    return box.steps_of_up("dev")


def verified(box: Sandbox) -> dict[str, Any]:
    code, report = box.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])
    assert report["findings"] == []
    return report


def at(box: Sandbox, edge: str) -> tuple[str, ...]:
    return tuple(box.lab.edge_addresses(edge))


def test_to_cloudflare_and_back_by_failover_without_a_click_lost(box: Sandbox) -> None:
    with box.control as control:
        control.put_document(LEFT_KIND, ONCE_PROXIED, {"answers": True})
    with Clicks(box, HOST) as clicks:
        clicks.more(20)
        made = step(box, declared("aws", "cf"))
        assert (len(made), {op for op, _ in made}) == (2, {"create"}), made
        assert [one["id"] for one in verified(box)["unprobed"]] == ["one/standby"]

        assert step(box, declared("cf", "aws")) == [("update", f"{HOST}/CNAME")]
        clicks.reach(at(box, "cloudflare"))
        report = verified(box)
        assert {one["id"] for one in report["certificates"]} >= {"one/edge", "one/standby"}

        gone = step(box, declared("cf"))
        assert {op for op, _ in gone} == {"delete"}, gone
        assert HOST in {name for _, name in gone}, "the distribution, once the last answer that led to it had died"
        step(box, declared("cf", "aws"))
        clicks.more(20)

        before = (box.root / "stacks" / "dev.yaml").read_text()
        looked = box.linkproof("failover", "one", "--stack", "dev", "--dry-run").stdout
        assert f"{HOST}: clicks go to edge aws (cloudfront, account default) in place of edge cf" in looked
        assert "Cloudflare does not say what it answers" in looked
        assert box.linkproof("failover", "one", "--stack", "dev", code=2).stderr.count("say --yes")
        assert (box.root / "stacks" / "dev.yaml").read_text() == before
        said = json.loads(box.linkproof("failover", HOST, "--stack", "dev", "--yes", "--json").stdout)
        assert (said["from"], said["to"], said["moved"]) == ("cf", "aws", True)
        assert said["old_answers_until"] is not None
        clicks.reach(at(box, "cloudfront"))
        clicks.more(100)
    assert clicks.lost == []
    assert clicks.made >= 200
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_the_proxy_of_before_stays_until_resolvers_have_forgotten_it(box: Sandbox) -> None:
    box.declare("dev", declared("aws"))
    said = json.loads(box.linkproof("guard", "dev", "--json", code=2).stdout)
    (refusal,) = said["refusals"]
    assert (refusal["rule"], refusal["host"]) == ("phase.edge-still-in-use", HOST)
    assert refusal["until"] is not None


def test_an_edge_that_goes_with_the_record_loses_clicks_and_guard_and_engine_refuse_it(box: Sandbox) -> None:
    with Clicks(box, HASTY) as clicks:
        clicks.more(20)
        assert clicks.lost == []
        box.declare("dev", declared("aws", "cf", hasty="cf"))
        assert f"refused: {HASTY}: the edge changes" in box.linkproof("guard", "dev", code=2).stdout
        refused = box.up("dev", code=None)
        assert "it is protected" in refused.stdout, "the engine's own refusal, after the record has moved"
        clicks.more(20)
        assert clicks.lost == []
        box.pulumi("state", "unprotect", "--all", "--yes", "--stack", "dev")
        box.up("dev")
        clicks.more(20)
    assert clicks.lost, "answers of before led to a distribution that was gone"
