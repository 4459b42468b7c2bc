"""SendGrid's Auto SSL on the real engine: from branded to secured, to an edge of one's own and back, with a click served at each step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.links import CERTIFICATE_KIND

from tests.engine.clicks import Clicks
from tests.engine.sandbox import Sandbox, linked, sandbox
from tests.engine.test_sendgrid import HOST, OWNER, ROOT, begin, calls, links

OWN = "click.sendgrid.net."


def declared(phase: str, edge: str = "managed", **more: Any) -> dict[str, Any]:
    """An edge that was let go of is gone 3 s later: the record's TTL and the zone's propagation."""
    one = {"sender": "mail", "click_host": HOST, "phase": phase, "edge": edge, "ttl_seconds": 2, **more}
    whole = linked({"one": one}, senders={"mail": {"provider": "sendgrid", "manage": {}}})
    zones = {"example.net": {**whole["zones"]["example.net"], "propagation_seconds": 1}}
    return {**whole, "zones": zones, "edges": {} if edge == "managed" else {edge: whole["edges"][edge]}}


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("managed")) as made:
        begin(made, declared("branded"))
        yield made


def step(box: Sandbox, declaration: dict[str, Any]) -> list[tuple[str, str]]:
    """Deploy what the guard allows; nothing is replaced, and nothing but the first create validates."""
    box.declare("dev", declaration)
    box.linkproof("guard", "dev", "--wait", "5m")
    steps = box.steps_of_up("dev")
    assert not [op for op, _ in steps if "replace" in op], steps
    assert len(calls(box, "POST", "/validate")) == 1
    return steps


def proven(box: Sandbox) -> dict[str, Any]:
    """The report; nothing lags any more once the resolver has forgotten."""
    with box.control as control:
        control.flush_resolver()
    code, report = box.verify("dev")
    assert (code, report["findings"]) == (0, []), (report["findings"], report["could_not_check"], report["lagging"])
    return report


def expected(box: Sandbox) -> dict[str, str]:
    document = json.loads((box.root / ".linkproof" / "dev" / "expectations.json").read_text())
    return {record["name"]: record["values"][0] for record in document["records"]}


def wait_for_certificate(box: Sandbox) -> None:
    """SendGrid's certificate comes by itself, at some time after the records."""
    import time

    until = time.monotonic() + 120
    while True:
        with box.control as control:
            if HOST in control.documents(CERTIFICATE_KIND):
                return
        assert time.monotonic() < until
        time.sleep(0.1)


def test_four_records_are_made_and_the_host_is_proven(box: Sandbox) -> None:
    names = [name for op, name in step(box, declared("branded")) if op == "create"]
    records = [
        f"{HOST}/CNAME",
        f"{OWNER.partition('.')[2]}/owner",
        f"_acme-challenge.{HOST}/CNAME",
        f"_cf-custom-hostname.{HOST}/TXT",
    ]
    assert all(names.index(f"{HOST}/brand") < names.index(name) < names.index(f"{HOST}/valid") for name in records)
    (brand,) = links(box)
    assert (brand["valid"], len(brand["dns"])) == (True, 4)
    wait_for_certificate(box)
    proven(box)
    said = {record["host"]: record["data"] for record in brand["dns"].values()}
    found = expected(box)
    assert found[f"{HOST}."] == OWN
    assert found[f"_acme-challenge.{HOST}."] == f"{said[f'_acme-challenge.{HOST}']}."
    assert found[f"_cf-custom-hostname.{HOST}."] == f'"{said[f"_cf-custom-hostname.{HOST}"]}"'
    step(box, declared("secured"))
    proven(box)


def test_it_changes_places_with_an_edge_and_back_and_no_https_click_is_lost(box: Sandbox) -> None:
    """In `secured` throughout: mail already sent has https:// links, which must meet a certificate at each moment."""

    def both(edge: str, standby: str) -> dict[str, Any]:
        return {**declared("secured", edge, standby=standby), "edges": {"aws": {"provider": "cloudfront"}}}

    with Clicks(box, HOST) as clicks:
        step(box, both("managed", "aws"))
        proven(box)
        assert step(box, both("aws", "managed")) == [("update", f"{HOST}/CNAME")]
        proven(box)
        assert expected(box)[f"{HOST}."].endswith(".cloudfront.net.")
        assert step(box, both("managed", "aws")) == [("update", f"{HOST}/CNAME")]
        assert expected(box)[f"{HOST}."] == OWN
        deleted = {name for op, name in step(box, declared("secured")) if op == "delete"}
        assert HOST in deleted, "the distribution, once the last answer that led to it had died"
        clicks.more(10)
    assert clicks.lost == {HOST: []}
    proven(box)


def test_an_edge_of_one_s_own_is_got_ready_while_the_click_host_stays(box: Sandbox) -> None:
    for wrong, rule in (
        (declared("live", "aws", own_https={}), "phase.edge-changed"),
        (declared("ready", "aws"), "move.own-https"),
    ):
        box.declare("dev", wrong)
        assert rule in box.linkproof("guard", "dev", code=None).stdout
    step(box, declared("ready", "aws", own_https={}))
    proven(box)
    assert expected(box)[f"{HOST}."] == OWN
    step(box, declared("live", "aws", own_https={}))
    proven(box)
    assert expected(box)[f"{HOST}."].endswith(".cloudfront.net.")


def test_and_it_is_let_go_only_after_the_click_host_has_come_back(box: Sandbox) -> None:
    box.declare("dev", declared("secured"))
    assert "phase.edge-changed" in box.linkproof("guard", "dev", code=None).stdout
    step(box, declared("ready", "aws", own_https={}))
    proven(box)
    assert expected(box)[f"{HOST}."] == OWN
    deleted = {name for op, name in step(box, declared("secured")) if op == "delete"}
    assert HOST in deleted, "the distribution"
    proven(box)
    assert expected(box)[f"{HOST}."] == OWN
    assert calls(box, "POST", ROOT) == [ROOT], "one brand from the first to the last"


def test_back_in_branded_nothing_is_left_to_do(box: Sandbox) -> None:
    assert [name for op, name in step(box, declared("branded")) if op == "create"] == [f"{HOST}/valid"]
    proven(box)
    box.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")
