"""Certificates that the user brings to Fastly's API: what is taken, what is refused, and what its edge shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab import ca
from linkproof_lab.edges.fastly.control_plane import tls
from linkproof_lab.edges.fastly.facts import TARGET

from tests.lab.apis.conftest import Lab
from tests.lab.apis.test_fastly import Api, said

HOST = "url1.example.net"


@pytest.fixture
def lab(tmp_path: Any) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


def put(api: Api, kind: str, **attributes: str) -> httpx.Response:
    data = {"type": f"tls_{kind}", "attributes": attributes}
    return api.ask("POST", f"/tls/{kind}s", json={"data": data})


def upload(lab: Lab, api: Api, *hosts: str) -> str:
    """The user's own, with its key: the certificate's id."""
    made = ca.issue(lab.settings, list(hosts), key="ec256")
    assert put(api, "private_key", key=made.key_pem, name="k").status_code == 201
    answer = put(api, "certificate", cert_blob=made.cert_pem + made.chain_pem, name="c")
    assert answer.status_code == 201, answer.text
    assert "PRIVATE KEY" not in answer.text
    found: str = answer.json()["data"]["id"]
    return found


def activate(api: Api, certificate: str, host: str) -> httpx.Response:
    related = {
        "tls_certificate": {"data": {"type": "tls_certificate", "id": certificate}},
        "tls_domain": {"data": {"type": "tls_domain", "id": host}},
    }
    return api.ask("POST", "/tls/activations", json={"data": {"type": "tls_activation", "relationships": related}})


def test_a_certificate_needs_its_key_first(lab: Lab) -> None:
    api, made = Api(lab), ca.issue(lab.settings, [HOST], key="ec256")
    assert said(put(api, "certificate", cert_blob=made.cert_pem))[0] == 422
    assert said(put(api, "private_key", key="no key"))[0] == 422
    put(api, "private_key", key=made.key_pem)
    assert put(api, "certificate", cert_blob=made.cert_pem).status_code == 201
    assert said(put(api, "certificate", cert_blob="no certificate"))[0] == 422


def test_tls_is_on_for_a_host_of_a_service_that_the_certificate_covers(lab: Lab) -> None:
    api = Api(lab)
    mine = upload(lab, api, "*.example.net")
    assert "is not on an active service" in said(activate(api, mine, HOST))[1]
    api.service("one", HOST, "a.b.example.net")
    assert "does not cover" in said(activate(api, mine, "a.b.example.net"))[1]
    assert activate(api, "AbCdEfGhIj", HOST).status_code == 404
    made = activate(api, mine, HOST).json()["data"]["id"]
    assert [host for host, _ in tls.certificates(lab.store)] == [HOST]
    assert said(activate(api, mine, HOST)) == (400, "Bad request: domain_id has already been taken")
    assert api.ask("DELETE", f"/tls/activations/{made}").status_code == 204
    assert list(tls.certificates(lab.store)) == []


def test_a_host_of_an_issued_subscription_has_its_activation_already(lab: Lab) -> None:
    api = Api(lab)
    mine = upload(lab, api, HOST)
    api.service("one", HOST)
    asked = api.subscribe(HOST).json()["data"]["id"]
    held = lab.store.get(tls.KIND, asked)
    assert held is not None
    lab.store.put(tls.KIND, asked, {**held, "state": "issued", "certificate": {"id": "c", "names": [HOST]}})
    assert said(activate(api, mine, HOST)) == (400, "Bad request: domain_id has already been taken")


def test_the_configuration_says_where_such_a_host_must_lead(lab: Lab) -> None:
    document = Api(lab).ask("GET", "/tls/configurations?include=dns_records").json()
    assert TARGET in [one["id"] for one in document["included"]]
