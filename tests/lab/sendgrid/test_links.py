"""Link branding as the published description has it, and the trap that the vendor warns of."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof_lab.senders.sendgrid.links import host_written

HOST, OWNER = "url1.example.net", "1234567.example.net"


def test_a_link_has_two_records_by_role(lab: Any) -> None:
    link = lab.link()
    assert link["dns"] == {
        "domain_cname": {"valid": False, "type": "cname", "host": HOST, "data": "sendgrid.net"},
        "owner_cname": {"valid": False, "type": "cname", "host": OWNER, "data": "sendgrid.net"},
    }
    assert (link["user_id"], link["username"], link["valid"], link["legacy"]) == (1234567, "lab", False, False)


def test_links_of_one_user_on_one_domain_share_their_owner_record(lab: Any) -> None:
    assert lab.link("url1")["dns"]["owner_cname"] == lab.link("url2")["dns"]["owner_cname"]


def test_an_eu_link_leads_to_targets_of_its_own_and_auto_ssl_has_four_records(lab: Any) -> None:
    assert lab.link("url1", region="eu")["dns"]["domain_cname"]["data"] == "eu.sendgrid.net"
    records = lab.link("url2", auto_ssl=True)["dns"].values()
    assert {one["host"].partition(".example")[0] for one in records} == {
        "url2", "1234567", "_acme-challenge.url2", "_cf-custom-hostname.url2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "domain"),
        ({"domain": "localhost"}, "domain"),
        ({"domain": "example.net", "subdomain": "a b"}, "subdomain"),
        ({"domain": "example.net", "region": "asia"}, "region"),
        ({"domain": "example.net", "default": "yes"}, "default"),
    ],
)
def test_a_body_that_is_wrong_is_refused_by_field(lab: Any, body: dict[str, Any], field: str) -> None:
    answer = lab.call("POST", "whitelabel/links", body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_the_same_host_is_no_second_link(lab: Any) -> None:
    lab.link()
    assert lab.call("POST", "whitelabel/links", {"domain": "example.net", "subdomain": "url1"}).status_code == 400


def test_the_list_knows_a_limit_and_no_offset(lab: Any) -> None:
    ids = [lab.link(f"url{number}")["id"] for number in range(3)]
    listed = lab.call("GET", "whitelabel/links", limit="2", offset="2").json()
    assert [one["id"] for one in listed] == ids[:2]
    assert len(lab.call("GET", "whitelabel/links").json()) == 3
    assert lab.call("GET", "whitelabel/links", limit="0").status_code == 400


def test_one_link_is_the_default_and_patch_changes_nothing_else(lab: Any) -> None:
    first, second = lab.link("url1"), lab.link("url2")
    assert (first["default"], second["default"]) == (True, False), "the first of a user is"
    changed = lab.call("PATCH", f"whitelabel/links/{second['id']}", {"default": True, "subdomain": "other"}).json()
    assert (changed["default"], changed["subdomain"]) == (True, "url2")
    assert lab.call("GET", f"whitelabel/links/{first['id']}").json()["default"] is False
    assert lab.call("GET", "whitelabel/links/default").json()["id"] == second["id"]
    assert lab.call("GET", "whitelabel/links/default", domain="example.org").status_code == 404


def test_what_is_gone_is_a_404_and_another_user_s_link_is_too(lab: Any) -> None:
    link = lab.link()
    lab.subuser("news")
    path = f"whitelabel/links/{link['id']}"
    assert lab.call("GET", path, user="news").status_code == 404
    assert lab.call("DELETE", path).status_code == 204
    assert lab.call("GET", path).status_code == 404
    assert lab.call("DELETE", path).status_code == 404


def test_validation_reads_dns_and_says_of_each_record_what_it_found(lab: Any) -> None:
    link = lab.link()
    path = f"whitelabel/links/{link['id']}/validate"
    nothing = lab.call("POST", path).json()
    assert nothing["valid"] is False
    assert 'to match "sendgrid.net." but found none' in nothing["validation_results"]["domain_cname"]["reason"]
    lab.publish((HOST, "CNAME", "sendgrid.net."), (OWNER, "CNAME", "elsewhere.example."))
    half = lab.call("POST", path).json()["validation_results"]
    assert half["domain_cname"] == {"valid": True, "reason": None}
    assert 'but found "elsewhere.example."' in half["owner_cname"]["reason"]
    lab.publish_link(link)
    assert lab.call("POST", path).json()["valid"] is True
    held = lab.call("GET", f"whitelabel/links/{link['id']}").json()
    assert (held["valid"], held["dns"]["owner_cname"]["valid"]) == (True, True)


def test_validating_after_the_cut_over_makes_the_brand_invalid_and_mails_go_without_it(lab: Any) -> None:
    """The trap. Reading it does nothing."""
    link = lab.link()
    lab.publish_link(link)
    path = f"whitelabel/links/{link['id']}"
    assert lab.call("POST", f"{path}/validate").json()["valid"] is True
    assert host_written(lab.store, "lab", "example.net") == HOST
    lab.publish((HOST, "CNAME", "d111111abcdef8.cloudfront.net."))
    assert lab.call("GET", path).json()["valid"] is True, "nobody looks by himself"
    assert host_written(lab.store, "lab", "example.net") == HOST
    again = lab.call("POST", f"{path}/validate").json()
    assert again["valid"] is False
    assert "cloudfront.net" in again["validation_results"]["domain_cname"]["reason"]
    assert host_written(lab.store, "lab", "example.net") == "u1234567.ct.sendgrid.net"


def test_a_resolver_that_cannot_say_is_an_error_of_the_vendor_and_changes_nothing(lab: Any) -> None:
    link = lab.link()
    lab.publish_link(link)
    path = f"whitelabel/links/{link['id']}"
    lab.call("POST", f"{path}/validate")
    lab.store.put("dns-fault", "mute", {"server": lab.settings.resolver, "mode": "servfail"})
    answer = lab.call("POST", f"{path}/validate")
    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (500, "internal error getting CNAME")
    assert lab.call("GET", path).json()["valid"] is True


def test_the_oldest_valid_link_of_the_from_domain_writes_else_the_default(lab: Any) -> None:
    for subdomain in ("url1", "url2"):
        link = lab.link(subdomain)
        lab.publish_link(link)
        lab.call("POST", f"whitelabel/links/{link['id']}/validate")
    lab.call("PATCH", f"whitelabel/links/{link['id']}", {"default": True})
    assert host_written(lab.store, "lab", "example.net") == HOST
    assert host_written(lab.store, "lab", "other.example") == "url2.example.net"


def test_a_subuser_gets_a_link_that_is_valid_and_of_its_region(lab: Any) -> None:
    link = lab.link()
    lab.subuser("news")
    lab.subuser("eu-news", "eu")
    path = f"whitelabel/links/{link['id']}"
    refused = lab.call("POST", f"{path}/subuser", {"username": "news"})
    assert (refused.status_code, refused.json()["errors"][0]["message"]) == (
        400,
        "the branded link must be validated first",
    )
    lab.publish_link(link)
    lab.call("POST", f"{path}/validate")
    assert lab.call("POST", f"{path}/subuser", {"username": "eu-news"}).status_code == 400
    assert lab.call("POST", f"{path}/subuser", {"username": "nobody"}).status_code == 404
    assert lab.call("POST", f"{path}/subuser", {"username": "news"}).json()["id"] == link["id"]
    assert lab.call("GET", "whitelabel/links/subuser", username="news").json()["id"] == link["id"]
    assert host_written(lab.store, "news", "example.net") == HOST
    assert lab.call("POST", f"{path}/subuser", {"username": "news"}, user="news").status_code in (403, 404)
    assert lab.call("DELETE", "whitelabel/links/subuser", username="news").status_code == 204
    assert lab.call("GET", "whitelabel/links/subuser", username="news").status_code == 404
