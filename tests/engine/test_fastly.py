"""Fastly by the real engine: from nothing through every phase and back, proven, and destroyed."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import pytest
from linkproof.edges.fastly.items import ACTIVATION
from linkproof_lab import ca
from linkproof_lab.edges.fastly.control_plane import custom, services, tls
from linkproof_lab.edges.fastly.facts import FASTLY_KEY, TARGET
from linkproof_lab.senders.sparkpost.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import read_clicks

from tests.engine.sandbox import Sandbox, link, linked, sandbox
from tests.engine.test_recover import leave_creating

HOST, YOURS, BRAZE = "url1.example.net", "url2.example.net", "click.example.net"
UPLOADED = "AbCdEfGhIj0000000000a1"
KINDS = ("serviceVcl:ServiceVcl", "tlsSubscription:TlsSubscription")
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def declaration(phase: str) -> dict[str, Any]:
    return linked(
        {
            "newsletter": link(HOST, phase, "cdn", ttl_seconds=2),
            "yours": link(YOURS, phase, "cdn", ttl_seconds=2),
            "braze": {"sender": "braze", "phase": phase, "click_host": BRAZE, "edge": "cdn", "ttl_seconds": 2},
        },
        zones={"example.net": {"dns": "route53", "id": "Z0EXAMPLE0NET", "propagation_seconds": 1}},
        edges={
            "cdn": {
                "provider": "fastly",
                "authority": "lets-encrypt",
                "target": TARGET,
                "certificates": {YOURS: UPLOADED},
            }
        },
        senders={"braze": {"provider": "sparkpost", "account": "external"}},
    )


@pytest.fixture(scope="module")
def box(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack(
            "dev",
            declaration("branded"),
            options={"fastly": {"baseUrl": made.lab.api_url("edges/fastly")}},
            secrets={"fastlyApiKey": FASTLY_KEY},
        )
        upload(made)
        yield made


def upload(box: Sandbox) -> None:
    """The user's own certificate, as it is held after somebody uploaded it."""
    made = ca.issue(box.lab, [YOURS], key="ec256")
    pems = {"cert_pem": made.cert_pem, "chain_pem": made.chain_pem, "key_pem": made.key_pem}
    about = {"id": UPLOADED, "customer": "LabCustomer00000000001", "names": [YOURS], "name": "", "not_after": 0.0}
    with box.control as control:
        control.put_document(custom.CERTIFICATES, UPLOADED, {**about, **pems})


def held(box: Sandbox) -> tuple[int, int, int]:
    """How many services, subscriptions and activations there are."""
    store = Store(box.lab.database)
    kinds = (services.KIND, tls.KIND, custom.ACTIVATIONS)
    return len(store.all(kinds[0])), len(store.all(kinds[1])), len(store.all(kinds[2]))


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
    assert held(box) == (0, 0, 0)
    for phase in ("ready", "live", "secured"):
        step(box, phase)
        assert held(box) == (3, 2, 1), phase
    assert box.preview("dev") == []


def test_a_click_arrives_with_its_host_and_without_cookies(box: Sandbox) -> None:
    path = make_link(Store(box.lab.database), PAGE, in_query=True)
    got = http.client.HTTPConnection(box.lab.edge_addresses("fastly")[0], box.lab.http_port, timeout=20)
    try:
        got.request("GET", path, headers={"Host": BRAZE, "X-Forwarded-Host": "evil.example.org", "Cookie": "a=b"})
        answer = got.getresponse()
        assert (answer.status, answer.getheader("Location")) == (302, PAGE)
    finally:
        got.close()
    (line,) = [one for one in read_clicks(box.lab) if one["host"] == BRAZE]
    assert "cookie" not in {name.lower() for name in line.get("headers", {})}


def test_what_a_kill_has_left_is_found(box: Sandbox) -> None:
    ours = [f"linkproof:fastly:Edge$fastly:index/{kind}::{HOST}" for kind in KINDS]
    leave_creating(box, *ours, f"linkproof:fastly:Edge${ACTIVATION}::{YOURS}")
    said = box.linkproof("recover", "dev").stdout
    assert HOST in said
    assert YOURS in said
    assert box.steps_of_up("dev") == []


def test_it_goes_back_step_by_step_and_leaves_nothing(box: Sandbox) -> None:
    for phase in ("live", "ready", "branded"):
        step(box, phase, is_verified=phase == "branded")  # live and ready were proven on the way there
    assert held(box) == (0, 0, 0)
    assert Store(box.lab.database).get(custom.CERTIFICATES, UPLOADED) is not None, "the user's own stays"
    box.linkproof("retire", "--all", "--stack", "dev")
    box.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    left = [one["type"] for one in box.state("dev").get("deployment", {}).get("resources", ())]
    assert [one for one in left if not one.startswith(("pulumi:", "linkproof:"))] == []
