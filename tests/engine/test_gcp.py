"""A link in a Cloud DNS zone behind Google's load balancer, by the real engine: from nothing through the phases and back to nothing."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab import ca
from linkproof_lab.senders.sendgrid.links import make_link
from linkproof_lab.store import Store
from linkproof_lab.vendors.gcp.facts import GCP_TOKEN, endpoints
from linkproof_lab.web.clicks import read_clicks

from tests.engine.counting import counted, known
from tests.engine.sandbox import Sandbox, link, sandbox, until

HOST, TARGET = "url1.example.net", "edge-gcp-default.example.net"
YOURS = "url2.example.net"
UPLOADED = "projects/acme-mail/locations/global/certificates/mine"
OWNER = "1234567.example.net"
CERTIFICATES = "gcp-certificate-manager"
PAGE = "https://www.example.com/a%20b?x=1&y=2"


def at(phase: str) -> dict[str, Any]:
    return {
        "zones": {"example.net": {"dns": "gcp", "id": "example-net", "propagation_seconds": 1}},
        "edges": {"google": {"provider": "gcp", "certificates": {YOURS: UPLOADED}}},
        "links": {
            "newsletter": link(HOST, phase, "google", OWNER, ttl_seconds=1),
            "yours": link(YOURS, phase, "google", OWNER, ttl_seconds=1),
        },
    }


@pytest.fixture(scope="module")
def google(engine_present: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("project")) as made:
        made.stack(
            "dev",
            at("branded"),
            options={"gcp": {"project": "acme-mail", **endpoints(made.lab.api_url("vendors/gcp"))}},
            secrets={"gcpAccessToken": GCP_TOKEN},
        )
        made.up("dev")
        upload(made)
        yield made


def upload(box: Sandbox) -> None:
    """The user's own certificate, as somebody uploads it."""
    made = ca.issue(box.lab, [YOURS], key="ec256")
    parent, _, name = UPLOADED.rpartition("/")
    url = f"{endpoints(box.lab.api_url('vendors/gcp'))['certificateManagerCustomEndpoint']}{parent}"
    body = {"selfManaged": {"pemCertificate": made.cert_pem + made.chain_pem, "pemPrivateKey": made.key_pem}}
    headers = {"Authorization": f"Bearer {GCP_TOKEN}"}
    answer = httpx.post(url, params={"certificateId": name}, json=body, headers=headers, trust_env=False)
    assert answer.status_code == 200, answer.text


def certificate(box: Sandbox) -> str:
    return str(held(box)[1]["managed"]["state"])


def held(box: Sandbox) -> tuple[str, dict[str, Any]]:
    """The certificate as Google has it."""
    with box.control as control:
        documents = control.documents(CERTIFICATES)
    return next((path, doc) for path, doc in documents.items() if "managed" in doc)


def clicked(box: Sandbox, path: str, host: str) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(box.lab.edge_addresses("gcp")[0], box.lab.http_port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": host, "User-Agent": "reader/1"})
        answer = connection.getresponse()
        return answer.status, answer.getheader("Location"), answer.read()
    finally:
        connection.close()


def test_it_is_built_and_proven_beside_the_sender_before_any_click_is_led_there(google: Sandbox) -> None:
    google.declare("dev", at("ready"))
    google.linkproof("guard", "dev")
    steps = google.steps_of_up("dev")
    assert {op for op, _ in steps} == {"create"}
    assert f"{HOST}/CNAME" not in [name for _, name in steps]
    until(lambda: certificate(google) == "ACTIVE")
    code, report = google.verify("dev")
    assert code in (0, 3, 4), (report["findings"], report["could_not_check"])
    assert not report["findings"]
    # nobody but we ourselves has been there: its counter has both links together, and no more than we know of
    options = {"project": "acme-mail", **endpoints(google.lab.api_url("vendors/gcp"))}
    assert counted(google, "gcp", HOST, options, {"gcpAccessToken": GCP_TOKEN}) == known(google, "gcp") > 0


def test_a_host_whose_certificate_is_not_issued_is_not_led_there(google: Sandbox) -> None:
    google.declare("dev", at("live"))
    path, doc = held(google)
    failed = {**doc, "managed": {**doc["managed"], "state": "FAILED", "provisioningIssue": {"reason": "RATE_LIMITED"}}}
    with google.control as control:
        control.put_document(CERTIFICATES, path, failed)
    said = google.linkproof("guard", "dev", code=2).stdout
    assert f"refused: {HOST}: its click record would lead to the load balancer" in said
    assert "its certificate is FAILED (RATE_LIMITED)" in said
    with google.control as control:
        control.put_document(CERTIFICATES, path, doc)


def test_each_step_is_one_update_of_the_click_record_and_is_proven(google: Sandbox) -> None:
    for phase, moved in (("live", {f"{HOST}/CNAME", f"{YOURS}/CNAME"}), ("secured", set())):
        google.declare("dev", at(phase))
        google.linkproof("guard", "dev")
        steps = google.steps_of_up("dev")
        assert {step for step in steps if step[1].endswith("/CNAME")} == {("update", name) for name in moved}
        assert not [op for op, _ in steps if "replace" in op]
        code, report = google.verify("dev")
        assert code in (0, 4), (report["findings"], report["could_not_check"])
    google.pulumi("preview", "--stack", "dev", "--expect-no-changes")
    google.pulumi("refresh", "--stack", "dev", "--preview-only", "--expect-no-changes")


def test_a_click_arrives_with_its_host_and_nobodys_host_is_answered_with_404(google: Sandbox) -> None:
    path = make_link(Store(google.lab.database), HOST, PAGE)
    assert clicked(google, path, HOST)[:2] == (302, PAGE)
    (line,) = read_clicks(google.lab)
    assert (line["sender"], line["host"], line["path"], line["user_agent"]) == ("sendgrid", HOST, path, "reader/1")
    assert clicked(google, path, "somebody-else.example.org") == (404, None, b"fault filter abort")


def test_it_goes_back_and_leaves_nothing(google: Sandbox) -> None:
    for phase in ("live", "ready"):
        google.declare("dev", at(phase))
        google.linkproof("guard", "dev")
        google.up("dev")
    google.declare("dev", at("branded"))
    google.linkproof("guard", "dev", "--wait", "1m")
    google.up("dev")
    kinds = {one["type"] for one in google.state("dev")["deployment"]["resources"]}
    assert not [kind for kind in kinds if kind.startswith(("gcp:compute", "gcp:certificatemanager"))]
    with google.control as control:
        assert control.documents("gcp-compute") == {}
        assert set(control.documents(CERTIFICATES)) == {UPLOADED}, "the user's own stays"
    google.linkproof("retire", "--all", "--stack", "dev")
    google.pulumi("destroy", "--stack", "dev", "--yes", "--skip-preview", "--suppress-outputs")
    with google.control as control:
        assert not {one["name"] for one in control.records("example-net")["rrsets"]} & {HOST, YOURS, OWNER, TARGET}
