"""KeyCDN by the real engine: from nothing through every phase and back, proven, and destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from linkproof_lab import ca
from linkproof_lab.edges.keycdn.control_plane import zones
from linkproof_lab.edges.keycdn.facts import KEYCDN_KEY, SUFFIX
from linkproof_lab.store import Store

from tests.engine.counting import counted, known
from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_recover import leave_creating

HOST = "url1.example.net"


def declaration(phase: str) -> dict[str, Any]:
    return linked(
        {"newsletter": link(HOST, phase, "cdn", ttl_seconds=2)},
        zones={"example.net": {"dns": "route53", "id": "Z0EXAMPLE0NET", "propagation_seconds": 1}},
        edges={"cdn": {"provider": "keycdn", "certificate": "links"}},
    )


def write_certificate(box: Sandbox) -> str:
    """The user's own, as files; its key."""
    issued = ca.issue(box.lab, [HOST], key="ec256")
    (box.root / "links.pem").write_text(issued.cert_pem + issued.chain_pem)
    return issued.key_pem


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        account = {
            "baseUrl": made.lab.api_url("edges/keycdn"),
            "zoneSuffix": SUFFIX,
            "certificates": {"links": str(made.root / "links.pem")},
        }
        made.stack("dev", declaration("branded"), options={"keycdn": account}, secrets={"keycdnApiKey": KEYCDN_KEY})
        made.give_secrets("dev", "default", {"keycdnCertificateKeys.links": write_certificate(made)})
        yield made


def held(box: Sandbox) -> tuple[int, int]:
    """How many zones and zone aliases there are."""
    store = Store(box.lab.database)
    return len(store.all(zones.ZONE)), len(store.all(zones.ALIAS))


def step(box: Sandbox, phase: str, *, is_verified: bool = True) -> None:
    """Deploy one phase, once the guard allows it, and have it verified."""
    box.declare("dev", declaration(phase))
    box.linkproof("guard", "dev", "--wait", "1m")
    assert not [op for op, _ in box.steps_of_up("dev") if "replace" in op], phase
    if not is_verified:
        return
    with box.control as control:
        control.flush_resolver()
    code, report = box.verify("dev")
    assert code in (0, 4), (phase, report["findings"], report["could_not_check"])


def test_it_walks_from_nothing_to_secured_and_every_phase_is_proven(box: Sandbox) -> None:
    step(box, "branded")
    assert held(box) == (0, 0)
    for phase in ("ready", "live", "secured"):
        step(box, phase)
        assert held(box) == (1, 1), phase
        if phase == "ready":
            # nobody but we ourselves has been there, and its counter has no more than we know of
            options = {"baseUrl": box.lab.api_url("edges/keycdn")}
            came = counted(box, "keycdn", HOST, options, {"keycdnApiKey": KEYCDN_KEY})
            assert came == known(box, "keycdn") > 0
    assert box.preview("dev") == []


def test_a_renewed_certificate_is_uploaded_by_the_next_deployment(box: Sandbox) -> None:
    key = write_certificate(box)
    box.give_secrets("dev", "default", {"keycdnCertificateKeys.links": key})
    assert [op for op, _ in box.steps_of_up("dev")] == ["update"]
    ((_, zone),) = Store(box.lab.database).all(zones.ZONE)
    assert zone["customsslkey"] == key
    assert "PRIVATE KEY" not in str(box.state("dev"))


def test_what_a_kill_has_left_is_found(box: Sandbox) -> None:
    leave_creating(box, *(f"linkproof:keycdn:Edge$keycdn:index:{kind}::{HOST}" for kind in ("Zone", "ZoneAlias")))
    assert HOST in box.linkproof("recover", "dev").stdout
    assert box.steps_of_up("dev") == []


def test_it_goes_back_step_by_step_and_leaves_nothing(box: Sandbox) -> None:
    for phase in ("live", "ready", "branded"):
        step(box, phase, is_verified=phase == "branded")  # live and ready were proven on the way there
    assert held(box) == (0, 0)
    box.linkproof("retire", "--all", "--stack", "dev")
    box.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    left = [one["type"] for one in box.state("dev").get("deployment", {}).get("resources", ())]
    assert [one for one in left if not one.startswith(("pulumi:", "linkproof:"))] == []
