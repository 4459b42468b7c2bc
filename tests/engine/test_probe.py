"""`linkproof probe` and the step that it lets through, on real edges of the lab."""

from __future__ import annotations

import json
from typing import Any

import pytest
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

from tests.engine.sandbox import Sandbox, link, linked

NET, COM = "url1.example.net", "url1.example.com"
CF_ZONE = "023e105f4ecef8ad9ca31a8372d0c353"


def declaration(phase: str) -> dict[str, Any]:
    return linked({"net": link(NET, phase), "com": link(COM, phase, "cf")})


@pytest.fixture(scope="module")
def ready(box: Sandbox) -> Sandbox:
    box.stack("dev", declaration("ready"))
    box.up("dev")
    return box


def probe(box: Sandbox, *more: str, code: int = 0) -> dict[str, Any]:
    done = box.linkproof("probe", "net", "com", "-s", "dev", "--json", *more, code=code)
    found: dict[str, Any] = json.loads(done.stdout)["links"]
    return found


def refusals(box: Sandbox, code: int) -> list[tuple[str, str, str]]:
    said = json.loads(box.linkproof("guard", "dev", "--json", code=code).stdout)
    return [(one["rule"], one["host"], one["message"]) for one in said["refusals"]]


def proofs(box: Sandbox) -> Any:
    return box.root / ".linkproof" / "dev" / "probes.json"


def universal(box: Sandbox, *, enabled: bool) -> None:
    with box.control as control:
        control.put_document(
            "cloudflare-universal-ssl", CF_ZONE, {"enabled": enabled, "certificate_authority": "google"}
        )


def test_what_answers_is_asked_and_what_does_not_is_read(ready: Sandbox) -> None:
    found = probe(ready)
    assert found["net"]["wrong"] == found["com"]["wrong"] == []
    assert found["net"]["unseen"] == []
    assert found["com"]["unseen"], "nobody outside can ask Cloudflare before the record is proxied"
    assert "front.tls12" in found["net"]["kept"], "requirements of the conformance suite that need no click"


def test_clicks_are_led_only_to_an_edge_that_was_proved(ready: Sandbox) -> None:
    proofs(ready).unlink(missing_ok=True)
    ready.declare("dev", declaration("live"))
    universal(ready, enabled=False)
    try:
        ((rule, host, message),) = refusals(ready, 2)
        assert (rule, host) == ("phase.unproven", COM)
        assert "Universal SSL is off" in message
    finally:
        universal(ready, enabled=True)
    assert refusals(ready, 0) == [], "a failed proof is not kept: it is asked again"
    kept = proofs(ready).read_text()
    assert refusals(ready, 0) == []
    assert proofs(ready).read_text() == kept, "a proof of this hour is enough"
    assert CLOUDFLARE_TOKEN not in kept


def step(box: Sandbox, *arguments: str, code: int = 0) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(box.linkproof(*arguments, "-s", "dev", "--json", code=code).stdout)
    return said


def test_a_step_is_written_where_the_guard_lets_it_pass_and_nowhere_else(ready: Sandbox) -> None:
    ready.declare("dev", declaration("ready"))
    file = ready.root / "stacks" / "dev.yaml"
    text = f"# ours\n{file.read_text()}"
    file.write_text(text)

    looked = step(ready, "advance", "net", "com", "--dry-run")
    assert looked["written"] is False
    assert file.read_text() == text
    assert [one["phase"] for one in looked["steps"]] == [{"from": "ready", "to": "live"}] * 2
    assert any("resolvers may give the old answer for" in line for line in looked["says"])
    assert any("linkproof retreat net com -s dev" in line for line in looked["says"])

    universal(ready, enabled=False)
    try:
        proofs(ready).unlink(missing_ok=True)
        refused = step(ready, "advance", "com", code=2)
        assert [one["rule"] for one in refused["refusals"]] == ["phase.unproven"]
        assert file.read_text() == text
    finally:
        universal(ready, enabled=True)

    assert step(ready, "advance", "net", "com")["written"] is True
    assert file.read_text() == text.replace("phase: ready", "phase: live")
    # what is declared and not deployed is no place to step from
    said = ready.linkproof("advance", "net", "-s", "dev", code=2)
    assert "is declared live and deployed ready" in said.stderr
    assert step(ready, "retreat", "net", code=2)["error"]["problem"].startswith(
        "net is declared live and deployed ready"
    )

    ready.linkproof("deploy", "dev", "--wait", "0s", code=None)
    assert step(ready, "advance", "net", "--lower-ttl")["written"] is True
    assert "ttl_seconds: 60" in file.read_text()
    assert step(ready, "retreat", "com")["written"] is True
    ready.linkproof("deploy", "dev", "--wait", "0s", code=None)
    outputs = ready.state("dev")["deployment"]["resources"][0]["outputs"]["links"]
    assert {key: link["phase"] for key, link in outputs.items()} == {"net": "live", "com": "ready"}
