"""A zone on a primary of one's own, by the real engine: signed updates to a hidden primary, proven at its secondaries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linkproof.dns.rfc2136.exchange import Exchange
from linkproof.dns.rfc2136.primary import Primary
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.dns.rfc2136.secret import secret_octets
from linkproof.json_api import WaitingHere
from linkproof_lab.dns.rfc2136.facts import FACTS, KEY_ALGORITHM, KEY_NAME, KEY_SECRET

from tests.engine.sandbox import Sandbox, link, sandbox
from tests.engine.test_recover import leave_creating

ZONE = "example.org"
HOST = f"url1.{ZONE}"


def declaration(phase: str) -> dict[str, Any]:
    return {
        "zones": {ZONE: {"dns": "rfc2136"}},
        "edges": {"aws": {"provider": "cloudfront"}},
        "links": {"one": link(HOST, phase, edge=None if phase == "branded" else "aws")},
    }


def at(box: Sandbox) -> str:
    assert FACTS.api is not None
    return box.lab.address(*FACTS.api)


def primary(box: Sandbox) -> Primary:
    return Primary(Exchange(at(box), box.lab.dns_port, KEY_NAME, KEY_ALGORITHM, secret_octets(KEY_SECRET)))


def click(box: Sandbox) -> RecordSet | None:
    return primary(box).held(ZONE, HOST, "CNAME", WaitingHere(20))


@pytest.fixture(scope="module")
def deployed(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack(
            "dev",
            declaration("branded"),
            options={"rfc2136": {"server": at(made), "port": made.lab.dns_port, "keyName": KEY_NAME}},
            secrets={"rfc2136TsigSecret": KEY_SECRET},
        )
        yield made


def test_it_is_deployed_and_proven_at_every_phase(deployed: Sandbox) -> None:
    for phase in ("branded", "ready", "live"):
        deployed.declare("dev", declaration(phase))
        deployed.linkproof("guard", "dev")
        deployed.up("dev")
    held = click(deployed)
    assert held is not None
    assert held.values[0].endswith(".cloudfront.net.")
    code, report = deployed.verify("dev")
    assert code in (0, 4), (report["findings"], report["could_not_check"])


def test_what_somebody_changed_is_refused_then_seen_and_mended(deployed: Sandbox) -> None:
    held = click(deployed)
    assert held is not None
    primary(deployed).replace(ZONE, HOST, held, RecordSet("CNAME", 60, ("elsewhere.example.",)), WaitingHere(20))
    deployed.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes", code=7)
    deployed.pulumi("refresh", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    assert [kind for kind, _ in deployed.steps_of_up("dev")] == ["update"]
    assert click(deployed) == held


def test_what_a_kill_has_left_is_found(deployed: Sandbox) -> None:
    leave_creating(deployed, f"{HOST}/CNAME")
    assert "created before the engine was killed" in deployed.linkproof("recover", "dev").stdout
    assert deployed.steps_of_up("dev") == []


def test_a_lost_state_is_taken_over(deployed: Sandbox) -> None:
    resources = deployed.state("dev")["deployment"]["resources"]
    urn = next(one["urn"] for one in resources if one["urn"].endswith(f"::{HOST}/CNAME"))
    deployed.pulumi("state", "delete", urn, "--stack", "dev", "--yes", "--force", "--target-dependents")
    assert f"record {HOST} CNAME" in deployed.linkproof("adopt", "dev").stdout
    assert deployed.steps_of_up("dev") == []
