"""Faults in the lab, each with its own finding and exit code; nothing wrong gives none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.engine.sandbox import Sandbox, link, linked

NET, COM = "url1.example.net", "url2.example.com"


@pytest.fixture(scope="module")
def healthy(box: Sandbox) -> Sandbox:
    box.stack(
        "dev",
        linked(
            {"net": link(NET), "com": link(COM, edge="cf")},
            tracking_hosts={"karte": {"provider": "karte", "host": "t.example.com", "state": "in-use"}},
        ),
    )
    box.up("dev")
    return box


@pytest.fixture(autouse=True)
def _no_fault_outlives_its_test(healthy: Sandbox) -> Iterator[None]:
    yield
    with healthy.control as control:
        control.clear_faults()
        for key in control.documents("edge-fault"):
            control.delete_document("edge-fault", key)
        control.flush_resolver()


def test_one_recipients_error_is_not_the_next_ones_answer(healthy: Sandbox) -> None:
    """CloudFront keeps errors under a key without the query unless the deployed distribution forbids it."""
    edge = f"http://{healthy.lab.edge_addresses('cloudfront')[0]}:{healthy.lab.http_port}/ls/click?upn="
    with httpx.Client(headers={"Host": NET}, trust_env=False) as http:
        answers = [http.get(f"{edge}nobody-{n}") for n in range(3)]
    assert {answer.status_code for answer in answers} == {404}
    assert not [answer for answer in answers if "age" in answer.headers]


def dns_fault(box: Sandbox, **fault: Any) -> None:
    with box.control as control:
        control.put_fault("test", fault)


def edge_fault(box: Sandbox, mode: str, host: str = NET) -> None:
    with box.control as control:
        control.put_document("edge-fault", "test", {"host": host, "mode": mode})


def rules(report: dict[str, Any], severity: str = "error") -> set[str]:
    return {finding["rule"] for finding in report["findings"] if finding["severity"] == severity}


def test_nothing_wrong_gives_nothing(healthy: Sandbox) -> None:
    code, report = healthy.verify("dev")
    assert (code, report["findings"], report["could_not_check"]) == (0, [], [])


def test_a_wrong_value_at_one_server_of_four_names_that_server(healthy: Sandbox) -> None:
    server = healthy.lab.server_addresses("route53")[2]
    dns_fault(
        healthy, server=server, zone="example.net", name=NET, type="CNAME", mode="wrong-value", data=["wrong.example."]
    )
    code, report = healthy.verify("dev")
    assert code == 1
    wrong = [f for f in report["findings"] if f["rule"] == "dns.wrong-value"]
    assert {f["vantage"]["address"] for f in wrong} == {server}
    assert all("wrong.example." in f["observed"] for f in wrong)


def test_a_lame_server_is_one_finding_about_its_zone(healthy: Sandbox) -> None:
    server = healthy.lab.server_addresses("route53")[1]
    dns_fault(healthy, server=server, zone="example.net", mode="refused")
    code, report = healthy.verify("dev")
    assert code == 1
    lame = [f for f in report["findings"] if f["rule"] == "dns.lame-refused"]
    assert [(f["id"], f["vantage"]["address"]) for f in lame] == [("zone/example.net", server)]
    assert {"net/click", "1234567.example.net/owner"} <= set(lame[0]["affects"])


def test_a_dead_resolver_is_not_taken_for_a_wrong_record(healthy: Sandbox) -> None:
    dead = f"{healthy.lab.address(53, 54)}:{healthy.lab.dns_port}"
    code, report = healthy.verify("dev", "--resolver", dead)
    assert code in (1, 3)
    assert {f["rule"] for f in report["findings"]} <= {"dns.timeout"}
    silent = [entry["vantage"] for entry in (*report["findings"], *report["could_not_check"])]
    assert {vantage["address"] for vantage in silent} == {healthy.lab.address(53, 54)}


@pytest.mark.parametrize(
    ("mode", "rule"),
    [
        ("expired-certificate", "tls.expired"),
        ("wrong-name", "tls.name-mismatch"),
        ("untrusted", "tls.not-trusted"),
        ("incomplete-chain", "tls.incomplete-chain"),
        ("drop-host", "http.host-not-forwarded"),
        ("close-80", "http.port-80-closed"),
    ],
)
def test_an_edge_fault_has_its_own_finding(healthy: Sandbox, mode: str, rule: str) -> None:
    edge_fault(healthy, mode)
    code, report = healthy.verify("dev")
    assert code == 1
    assert rules(report) == {rule}, report["findings"]
    assert {f["id"] for f in report["findings"]} == {"net/edge"}


def test_a_brand_that_the_sender_no_longer_knows_is_found(healthy: Sandbox) -> None:
    with healthy.control as control:
        control.put_document("sendgrid-host", COM, {"valid": False})
    try:
        code, report = healthy.verify("dev")
    finally:
        with healthy.control as control:
            control.put_document("sendgrid-host", COM, {"valid": True})
    assert code == 1
    assert {f["id"] for f in report["findings"]} == {"com/edge"}
    assert rules(report) <= {"app.bad-hostname", "http.host-not-forwarded"}


def test_verifying_leaves_no_click_and_no_event(healthy: Sandbox) -> None:
    from linkproof_lab.web.clicks import read_clicks

    healthy.verify("dev")
    events = read_clicks(healthy.lab)
    assert not [event for event in events if event["event"] != "request"]
    assert not [event for event in events if event["sender"] == "karte"]
