"""What the lab's SparkPost answers, beside what its pages say."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from linkproof_lab.senders.sparkpost.control_plane.certificates import POLICY_KIND, Certificates
from linkproof_lab.senders.sparkpost.control_plane.keys import LEAST_GRANTS, SENDING_READ, TRACKING_READ
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY
from linkproof_lab.senders.sparkpost.links import CERTIFICATE_KIND, DOMAIN_KIND

from tests.lab.sparkpost.running import HOST, SparkPostLab

TRACKING, SENDING = "tracking-domains", "sending-domains"


def refused(answer: Any) -> tuple[int, str]:
    (error,) = answer.json()["errors"]
    return answer.status_code, error.get("code") or error["message"]


def test_a_tracking_domain_from_nothing_to_default_and_deleted(lab: SparkPostLab) -> None:
    made = lab.call("POST", TRACKING, {"domain": HOST})
    assert (made.status_code, made.json()) == (200, {"results": {"domain": HOST}}), "200, and the name alone"
    pending = {"verified": False, "cname_status": "pending", "compliance_status": "valid", "tls_status": "unknown"}
    assert lab.held() == {
        "port": 80,
        "domain": HOST,
        "secure": False,
        "default": False,
        "status": pending,
        "uses_managed_certificate": False,
    }
    assert refused(lab.call("POST", TRACKING, {"domain": HOST})) == (409, "1602")
    assert refused(lab.call("PUT", f"{TRACKING}/{HOST}", {"default": True})) == (422, "1300")
    unverified = lab.call("POST", f"{TRACKING}/{HOST}/verify")
    assert (unverified.status_code, unverified.json()["results"]["verified"]) == (200, False)
    lab.publish((HOST, "CNAME", "spgo.io."))
    assert lab.call("POST", f"{TRACKING}/{HOST}/verify").json()["results"] == {
        "verified": True,
        "cname_status": "valid",
        "compliance_status": "valid",
        "tls_status": "unknown",
    }
    lab.store.put(DOMAIN_KIND, "old.example.net", {"region": "us", "default": True, "verified": True})
    assert lab.call("PUT", f"{TRACKING}/{HOST}", {"default": True}).json() == {"results": {"domain": HOST}}
    shown = lab.call("GET", TRACKING, default="true").json()["results"]
    assert [one["domain"] for one in shown] == [HOST], "it takes the place of the one before"
    assert lab.call("DELETE", f"{TRACKING}/{HOST}").status_code == 204
    assert refused(lab.call("GET", f"{TRACKING}/{HOST}")) == (404, "1600")


def test_a_host_that_leads_elsewhere_is_asked_and_one_that_does_not_answer_is_said(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST, "secure": True})
    lab.publish((HOST, "CNAME", "spgo.io."))
    failed = lab.call("POST", f"{TRACKING}/{HOST}/verify")
    assert refused(failed) == (400, "1404")
    assert f"https://{HOST}:443" in failed.json()["errors"][0]["description"]
    lab.publish((HOST, "CNAME", "eu.spgo.io."))
    lab.call("PUT", f"{TRACKING}/{HOST}", {"secure": False})
    assert refused(lab.call("POST", f"{TRACKING}/{HOST}/verify")) == (400, "1404"), "another region's endpoint"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"domain": "example*&#.domain.com"}, (422, "1300")),
        ({}, (422, "1300")),
        ({"domain": HOST, "secure": "yes"}, (422, "1300")),
        ({"domain": "click.sparkpost.com"}, (400, "7000")),
    ],
)
def test_what_cannot_be_made_is_refused_as_the_page_says(
    lab: SparkPostLab, body: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refused(lab.call("POST", TRACKING, body)) == expected


def certificate(lab: SparkPostLab, verb: str) -> str:
    """What the status says after the call, and after a look of the authority's where one was asked for."""
    lab.call("POST", f"{TRACKING}/{HOST}/certificate/{verb}")
    if lab.held()["status"]["tls_status"] == "pending":
        lab.run(Certificates(lab.settings, lab.store).step(HOST))
    return str(lab.held()["status"]["tls_status"])


def test_a_certificate_is_had_for_a_verified_host_at_the_managed_endpoint_alone(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST})
    assert refused(lab.call("POST", f"{TRACKING}/{HOST}/certificate/enable")) == (422, "1300")
    lab.publish((HOST, "CNAME", "spgo.io."))
    lab.call("POST", f"{TRACKING}/{HOST}/verify")
    assert certificate(lab, "check") == "unknown"
    assert certificate(lab, "enable") == "failed"
    assert lab.held()["tls_certificate"] == {"error_code": "acme:unauthorized"}
    lab.publish((HOST, "CNAME", "v2.spgo.io."), ("example.net", "CAA", '0 issue "amazon.com"'))
    assert certificate(lab, "enable") == "pending", "CAA forbids it"
    lab.publish(("example.net", "CAA", '0 issue "letsencrypt.org"'))
    assert certificate(lab, "check") == "valid"
    held = lab.held()
    assert held["uses_managed_certificate"] is True
    assert list(held["tls_certificate"]) == ["expires_at"]
    assert lab.call("DELETE", f"{TRACKING}/{HOST}").status_code == 204
    assert lab.store.get(CERTIFICATE_KIND, HOST) is None


def test_a_name_that_the_authority_refuses_is_unavailable_and_enabling_changes_nothing(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST})
    lab.publish((HOST, "CNAME", "v2.spgo.io."))
    lab.call("POST", f"{TRACKING}/{HOST}/verify")
    lab.store.put(POLICY_KIND, HOST, {})
    assert [certificate(lab, verb) for verb in ("check", "enable")] == ["unavailable", "unavailable"]
    assert lab.held()["tls_certificate"] == {"error_code": "acme:rejected_identifier"}
    assert lab.held()["uses_managed_certificate"] is False


def test_a_subaccount_is_named_by_its_header_at_creation_alone(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST}, user="215")
    assert lab.held(user="215")["subaccount_id"] == 215
    assert refused(lab.call("GET", f"{TRACKING}/{HOST}")) == (404, "1600")
    assert refused(lab.call("POST", TRACKING, {"domain": HOST})) == (409, "1602"), "a host is one tracking domain"
    assert [one["domain"] for one in lab.call("GET", TRACKING).json()["results"]] == [HOST]
    assert lab.call("GET", TRACKING, subaccounts="0,7").json()["results"] == []
    assert refused(lab.call("GET", TRACKING, user="x")) == (400, "1200")


def test_a_sending_domain_takes_a_tracking_domain_of_its_own_subaccount(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST}, user="215")
    lab.call("POST", SENDING, {"domain": "example.net"})
    assert refused(lab.call("PUT", f"{SENDING}/example.net", {"tracking_domain": HOST})) == (400, "1200")
    lab.call("POST", TRACKING, {"domain": "c2.example.net"})
    assert lab.call("PUT", f"{SENDING}/example.net", {"tracking_domain": "c2.example.net"}).status_code == 200
    assert lab.call("GET", f"{SENDING}/example.net").json()["results"]["tracking_domain"] == "c2.example.net"
    lab.call("PUT", f"{SENDING}/example.net", {"tracking_domain": ""})
    assert "tracking_domain" not in lab.call("GET", f"{SENDING}/example.net").json()["results"]


def test_a_key_does_what_it_is_granted_in_its_own_region(lab: SparkPostLab) -> None:
    lab.call("POST", TRACKING, {"domain": HOST})
    assert refused(lab.call("GET", TRACKING, key="")) == (401, "Unauthorized.")
    assert refused(lab.call("GET", TRACKING, key="unknown")) == (401, "Unauthorized.")
    assert refused(lab.call("POST", TRACKING, {}, key=lab.key("reads", TRACKING_READ))) == (403, "Forbidden.")
    assert refused(lab.call("GET", TRACKING, key=lab.key("sends", SENDING_READ))) == (403, "Forbidden.")
    assert lab.call("GET", TRACKING, key=lab.key("eu", *LEAST_GRANTS, region="eu")).json()["results"] == []
    own = lab.key("of-215", *LEAST_GRANTS, user="215")
    assert refused(lab.call("GET", TRACKING, key=own, user="7")) == (403, "Forbidden.")
    basic = "Basic " + base64.b64encode(f"{SPARKPOST_KEY}:".encode()).decode()
    assert lab.call("GET", f"{TRACKING}/{HOST}", key=basic).status_code == 200
    lab.store.put("rate-limit", "sparkpost", {"requests": 0, "per_seconds": 60})
    assert refused(lab.call("GET", TRACKING)) == (429, "Too many requests")
