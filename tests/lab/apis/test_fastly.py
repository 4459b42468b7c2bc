"""Fastly's API: what it holds, what it refuses, and when a certificate is issued."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from linkproof_lab.edges.fastly.control_plane import keys, tls
from linkproof_lab.edges.fastly.facts import FASTLY_KEY, TARGET

from tests.lab.apis.conftest import R53_ZONE, Lab

HOST = "url1.example.net"
OTHER_KEY = "lab-fastly-key-of-another-customer"


class Api:
    def __init__(self, lab: Lab, key: str = FASTLY_KEY) -> None:
        self._url = lab.settings.api_url("edges/fastly")
        self._key = key

    def ask(self, method: str, path: str, form: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        headers = {"Fastly-Key": self._key, **more.pop("headers", {})}
        return httpx.request(method, self._url + path, data=form, headers=headers, trust_env=False, **more)

    def service(self, name: str, *hosts: str) -> str:
        """An active one, with these domains."""
        found: str = self.ask("POST", "/service", {"name": name}).json()["id"]
        for host in hosts:
            assert self.ask("POST", f"/service/{found}/version/1/domain", {"name": host}).status_code == 200
        backend = {"name": "origin", "address": "sendgrid.net"}
        self.ask("POST", f"/service/{found}/version/1/backend", backend)
        assert self.ask("PUT", f"/service/{found}/version/1/activate").status_code == 200
        return found

    def subscribe(self, *hosts: str, authority: str = "lets-encrypt") -> httpx.Response:
        domains = [{"type": "tls_domain", "id": host} for host in hosts]
        data = {
            "type": "tls_subscription",
            "attributes": {"certificate_authority": authority},
            "relationships": {"tls_domain": {"data": domains}},
        }
        return self.ask("POST", "/tls/subscriptions", json={"data": data})

    def state(self, subscription_id: str) -> str:
        found: str = self.ask("GET", f"/tls/subscriptions/{subscription_id}").json()["data"]["attributes"]["state"]
        return found


@pytest.fixture
def lab(tmp_path: Any) -> Iterator[Lab]:
    made = Lab(tmp_path / "lab")
    yield made
    made.close()


@pytest.fixture
def api(lab: Lab) -> Api:
    return Api(lab)


def said(answer: httpx.Response) -> tuple[int, str]:
    document = answer.json()
    errors = document.get("errors") or [document]
    return answer.status_code, f"{errors[0].get('title') or errors[0].get('msg')}: {errors[0].get('detail')}"


def until(is_so: Any) -> None:
    deadline = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_token_that_is_not_known_is_refused(lab: Lab) -> None:
    assert said(Api(lab, "x").ask("GET", "/service"))[0] == 401
    lab.store.put(keys.KIND, keys.key_of(OTHER_KEY), {"customer": "other"})
    assert Api(lab, OTHER_KEY).ask("GET", "/service").json() == []


def test_an_active_version_is_locked_and_its_clone_is_edited(api: Api) -> None:
    found = api.service("one", HOST)
    status, words = said(api.ask("POST", f"/service/{found}/version/1/domain", {"name": "b.example.net"}))
    assert (status, "is locked" in words) == (422, True)
    clone = api.ask("PUT", f"/service/{found}/version/1/clone").json()
    assert (clone["number"], clone["locked"], clone["active"]) == (2, False, False)
    api.ask("PUT", f"/service/{found}/version/2/backend/origin", {"ssl_sni_hostname": "sendgrid.net", "use_ssl": "1"})
    details = api.ask("GET", f"/service/{found}/details").json()
    assert details["active_version"]["backends"][0]["use_ssl"] is False, "the clone is not active yet"
    api.ask("PUT", f"/service/{found}/version/2/activate")
    active = api.ask("GET", f"/service/{found}/details").json()["active_version"]
    assert (active["number"], active["backends"][0]["use_ssl"], active["backends"][0]["port"]) == (2, True, 80)


def test_what_is_wrong_is_not_activated(api: Api) -> None:
    found = api.ask("POST", "/service", {"name": "one"}).json()["id"]
    assert "no associated domains" in said(api.ask("PUT", f"/service/{found}/version/1/activate"))[1]
    api.ask("POST", f"/service/{found}/version/1/domain", {"name": HOST})
    snippet = {"name": "x", "type": "pass", "content": "return(lookup);"}
    api.ask("POST", f"/service/{found}/version/1/snippet", snippet)
    checked = api.ask("GET", f"/service/{found}/version/1/validate").json()
    assert (checked["status"], "Syntax error" in checked["msg"]) == ("error", True)
    assert api.ask("PUT", f"/service/{found}/version/1/activate").status_code == 400
    wrong = api.ask("POST", f"/service/{found}/version/1/request_settings", {"name": "y", "action": "drop"})
    assert wrong.status_code == 400


def test_a_domain_is_on_one_service_of_all_accounts(lab: Lab, api: Api) -> None:
    api.service("one", HOST)
    second = api.ask("POST", "/service", {"name": "two"}).json()["id"]
    status, words = said(api.ask("POST", f"/service/{second}/version/1/domain", {"name": HOST}))
    assert (status, "already taken by service 'one'" in words) == (409, True)
    lab.store.put(keys.KIND, keys.key_of(OTHER_KEY), {"customer": "other"})
    other = Api(lab, OTHER_KEY)
    theirs = other.ask("POST", "/service", {"name": "one"}).json()["id"]
    assert (
        "owned by another customer" in said(other.ask("POST", f"/service/{theirs}/version/1/domain", {"name": HOST}))[1]
    )
    assert said(other.subscribe(HOST))[0] == 422
    assert api.ask("GET", f"/service/{theirs}").status_code == 404, "another account's does not exist"
    assert said(api.ask("POST", "/service", {"name": "one"}))[0] == 409


def test_an_active_service_is_not_deleted(api: Api) -> None:
    found = api.service("one", HOST)
    assert api.ask("DELETE", f"/service/{found}").status_code == 400
    api.ask("PUT", f"/service/{found}/version/1/deactivate")
    assert api.ask("DELETE", f"/service/{found}").status_code == 200


def test_a_host_that_no_service_has_gets_no_subscription(api: Api) -> None:
    assert said(api.subscribe(HOST))[0] == 422
    api.service("one", HOST)
    assert said(api.subscribe(HOST, authority="digicert"))[0] == 422
    made = api.subscribe(HOST)
    assert made.status_code == 201
    kinds = [one["type"] for one in made.json()["included"][0]["attributes"]["challenges"]]
    assert kinds == ["managed-dns", "managed-http-cname", "managed-http-a"]


@pytest.mark.parametrize("way", ["dns", "http"])
def test_a_certificate_is_issued_once_a_challenge_resolves(lab: Lab, api: Api, way: str) -> None:
    api.service("one", HOST)
    made = api.subscribe(HOST).json()
    found = made["data"]["id"]
    challenge = made["included"][0]["attributes"]["challenges"][0]
    until(lambda: (f"_acme-challenge.{HOST}", "CNAME") in lab.dns.asked)
    assert api.state(found) == "pending"
    if way == "dns":
        lab.store.set_rrsets(R53_ZONE, [(challenge["record_name"], "CNAME", 60, (f"{challenge['values'][0]}.",))])
    else:
        lab.store.set_rrsets(R53_ZONE, [(HOST, "CNAME", 60, (f"{TARGET}.",))])
    until(lambda: api.state(found) == "issued")
    ((host, certificate),) = tls.certificates(lab.store)
    assert (host, certificate["names"]) == (HOST, [HOST])
    assert api.ask("DELETE", f"/tls/subscriptions/{found}").status_code == 409, "TLS is on"
    assert api.ask("DELETE", f"/tls/subscriptions/{found}?force=true").status_code == 204
    assert list(tls.certificates(lab.store)) == []


def test_another_answer_or_a_caa_that_forbids_the_authority_proves_nothing(lab: Lab, api: Api) -> None:
    api.service("one", HOST)
    made = api.subscribe(HOST).json()
    challenge = made["included"][0]["attributes"]["challenges"][0]
    lab.store.set_rrsets(R53_ZONE, [(challenge["record_name"], "CNAME", 60, ("other.fastly-validations.com.",))])
    lab.store.set_rrsets(R53_ZONE, [("example.net", "CAA", 60, ('0 issue "amazon.com"',))])
    lab.dns.asked.clear()
    until(lambda: (challenge["record_name"], "CNAME") in lab.dns.asked)
    lab.store.set_rrsets(R53_ZONE, [(challenge["record_name"], "CNAME", 60, (f"{challenge['values'][0]}.",))])
    until(lambda: ("example.net", "CAA") in lab.dns.asked)
    assert api.state(made["data"]["id"]) == "pending"
    lab.store.set_rrsets(R53_ZONE, [("example.net", "CAA", 60, ('0 issue "letsencrypt.org"',))])
    until(lambda: api.state(made["data"]["id"]) == "issued")


def test_subscriptions_are_listed_by_host_and_page(api: Api) -> None:
    api.service("one", "a.example.net", "b.example.net")
    api.subscribe("a.example.net")
    api.subscribe("b.example.net")
    by_host = api.ask("GET", "/tls/subscriptions", params={"filter[tls_domains.id]": "b.example.net"}).json()
    assert [one["relationships"]["common_name"]["data"]["id"] for one in by_host["data"]] == ["b.example.net"]
    second = api.ask("GET", "/tls/subscriptions", params={"page[size]": "1", "page[number]": "2"}).json()
    assert (len(second["data"]), second["meta"]["total_pages"]) == (1, 2)


def test_a_thousand_changes_an_hour(lab: Lab, api: Api) -> None:
    lab.store.put("rate-limit", "fastly", {"requests": 1, "per_seconds": 3600})
    api.ask("POST", "/service", {"name": "one"})
    assert api.ask("POST", "/service", {"name": "two"}).status_code == 429
    assert api.ask("GET", "/service").status_code == 200, "reading is free"
