"""HTTPS that SparkPost manages, by the real engine: from branded to secured, to an edge of one's own and back, proven at each step."""

from __future__ import annotations

import time
from typing import Any

import httpx
from linkproof_lab.apis.request_log import requests
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY
from linkproof_lab.senders.sparkpost.links import DOMAIN_KIND

from tests.engine.sandbox import Sandbox, linked

HOST, OWN = "click.example.net", "v2.spgo.io."


def declared(phase: str, edge: str = "managed", **more: Any) -> dict[str, Any]:
    """An edge that was let go of is gone 3 s later: the record's TTL and the zone's propagation."""
    one = {"sender": "mail", "click_host": HOST, "phase": phase, "edge": edge, "ttl_seconds": 2, **more}
    whole = linked({"one": one}, senders={"mail": {"provider": "sparkpost", "manage": {}}})
    zones = {"example.net": {**whole["zones"]["example.net"], "propagation_seconds": 1}}
    return {**whole, "zones": zones, "edges": {} if edge == "managed" else {edge: whole["edges"][edge]}}


def held(box: Sandbox) -> dict[str, Any]:
    url = f"{box.lab.api_url('senders/sparkpost')}/api/v1/tracking-domains/{HOST}"
    found: dict[str, Any] = httpx.get(url, headers={"Authorization": SPARKPOST_KEY}, trust_env=False).json()["results"]
    return found


def wait_for_certificate(box: Sandbox) -> None:
    until = time.monotonic() + 120
    while held(box)["status"]["tls_status"] != "valid":
        assert time.monotonic() < until
        time.sleep(0.1)


def step(box: Sandbox, declaration: dict[str, Any], *, secure: bool, target: str = OWN) -> list[tuple[str, str]]:
    """Deploy what the guard allows, and prove it; nothing is replaced, and nothing lags once the resolver has forgotten."""
    box.declare("dev", declaration)
    box.linkproof("guard", "dev", "--wait", "5m")
    steps = box.steps_of_up("dev")
    assert not [op for op, _ in steps if "replace" in op], steps
    wait_for_certificate(box)
    with box.control as control:
        control.flush_resolver()
        (record,) = [one for one in control.records("Z0EXAMPLE0NET")["rrsets"] if one["name"] == HOST]
    code, report = box.verify("dev")
    assert (code, report["findings"]) == (0, []), (report["findings"], report["could_not_check"], report["lagging"])
    assert record["data"][0].endswith(target)
    assert held(box)["secure"] is secure
    return steps


def refused(box: Sandbox, declaration: dict[str, Any]) -> str:
    box.declare("dev", declaration)
    return box.linkproof("guard", "dev", code=2).stdout


def test_from_branded_to_secured_and_to_an_edge_and_back_no_https_link_is_ever_without_a_certificate(
    fresh: Sandbox,
) -> None:
    box = fresh
    options = {
        "baseUrl": box.lab.api_url("senders/sparkpost"),
        "rootHints": str(box.lab.hints_file),
        "dnsPort": box.lab.dns_port,
    }
    box.stack("dev", declared("branded"), options={"sparkpost": options}, secrets={"sparkpostApiKey": SPARKPOST_KEY})
    made = [name for op, name in step(box, declared("branded"), secure=False) if op == "create"]
    assert made.index(f"{HOST}/CNAME") < made.index(f"{HOST}/tracking")
    step(box, declared("secured"), secure=True)

    lost = {"tls_status": "expired"}
    with box.control as control:
        control.put_document(DOMAIN_KIND, HOST, {**control.documents(DOMAIN_KIND)[HOST], **lost})
    box.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert step(box, declared("secured"), secure=True) == [("update", f"{HOST}/tracking")], "seen, and asked for again"

    assert "move.own-https" in refused(box, declared("ready", "aws"))
    assert "phase.edge-changed" in refused(box, declared("live", "aws", own_https={}))
    step(box, declared("ready", "aws", own_https={}), secure=False)
    step(box, declared("live", "aws", own_https={}), secure=False, target=".cloudfront.net.")
    assert "phase.edge-changed" in refused(box, declared("secured"))
    step(box, declared("ready", "aws", own_https={}), secure=False)
    box.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")

    at = box.lab.api_url("senders/sparkpost")
    asked = [str(one["path"]) for one in requests(box.lab.request_log) if one["api"] == at and one["method"] == "POST"]
    assert sum(path.endswith("/certificate/enable") for path in asked) == 2, "the first, and the one that had expired"
