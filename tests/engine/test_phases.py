"""Each phase step forwards and back is one in-place update of the click record, and only single steps are let through."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.engine.sandbox import Sandbox, link, linked

HOSTS = {"aws": "url1.example.net", "cf": "url2.example.com"}
WAY = ["branded", "ready", "live", "secured", "live", "ready"]


@pytest.fixture(scope="module")
def walked(box: Sandbox) -> Sandbox:
    box.stack("dev", at("branded"))
    box.up("dev")
    return box


def at(phase: str) -> dict[str, object]:
    return linked({edge: link(host, phase, edge) for edge, host in HOSTS.items()})


def test_every_step_is_one_in_place_update_of_the_click_record(walked: Sandbox) -> None:
    for before, after in pairwise(WAY):
        walked.declare("dev", at(after))
        walked.linkproof("guard", "dev")
        steps = walked.steps_of_up("dev")
        clicks = [(op, name) for op, name in steps if name in [f"{host}/CNAME" for host in HOSTS.values()]]
        moves = {before, after} == {"ready", "live"}
        expected = sorted(("update", f"{host}/CNAME") for host in HOSTS.values()) if moves else []
        assert sorted(clicks) == expected, (before, after, steps)
        assert not [op for op, _ in steps if "replace" in op]
        code, report = walked.verify("dev")
        # a resolver that was never asked holds nothing old: right, or not provable at Cloudflare while ready
        assert code in ((0, 3, 4) if after == "ready" else (0, 4)), (
            after,
            report["findings"],
            report["could_not_check"],
        )
        assert not report["findings"], (after, report["findings"])
    walked.pulumi("preview", "--stack", "dev", "--expect-no-changes")


def test_skipped_steps_are_refused_and_nothing_is_changed(walked: Sandbox) -> None:
    before = walked.state("dev")["deployment"]["resources"]
    for phase in ("secured",):
        walked.declare("dev", at(phase))
        done = walked.linkproof("guard", "dev", code=2)
        for host in HOSTS.values():
            assert f"refused: {host}: ready → secured is more than one step" in done.stdout
    assert walked.state("dev")["deployment"]["resources"] == before


def test_an_edge_that_resolvers_may_still_hold_is_not_torn_down(walked: Sandbox) -> None:
    walked.declare("dev", at("branded"))
    done = walked.linkproof("guard", "dev", code=2)
    assert "resolvers may hold the edge's address until" in done.stdout


def test_a_link_that_leaves_the_declaration_in_use_is_refused(walked: Sandbox) -> None:
    walked.declare("dev", linked({"cf": link(HOSTS["cf"], "ready", "cf")}))
    done = walked.linkproof("guard", "dev", code=2)
    assert f"refused: {HOSTS['aws']}: the link leaves the declaration in phase ready" in done.stdout


def test_the_engine_itself_refuses_to_delete_a_click_record(walked: Sandbox) -> None:
    walked.declare("dev", linked({"cf": link(HOSTS["cf"], "ready", "cf")}))
    done = walked.pulumi("preview", "--stack", "dev", code=None)
    assert done.returncode != 0
    assert "protect" in (done.stdout + done.stderr)


def test_a_link_is_let_go_only_from_branded(walked: Sandbox) -> None:
    walked.declare("dev", at("ready"))
    done = walked.linkproof("retire", "aws", "--stack", "dev", code=2)
    assert "only a link in phase branded is let go" in done.stderr
