"""Plan → the stable facts: what is known, what is late, and what is pending."""

from __future__ import annotations

from typing import Any

from linkproof.contract.values import Late
from linkproof.expectations.derive import derive
from linkproof.expectations.model import parse
from linkproof.plan.build import build

from tests.plan.declared import declared, link

NET, COM = "url1.example.net", "url1.example.com"


def known(late: Late) -> str:
    return {"domain_name": "d1.cloudfront.net.", "validation_name": "_a.url1.example.net.", "validation_value": "_b.acm-validations.aws."}[late.output]  # fmt: skip


def unknown(late: Late) -> None:
    return None


def of(document: dict[str, Any], part: str, id_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(entry for entry in document[part] if entry["id"] == id_)
    return found


def test_a_live_link_points_at_its_distribution_and_is_asked_by_its_own_name() -> None:
    document = derive(build(declared(link("one", NET, "live"))), known)
    assert of(document, "records", "one/click")["values"] == ["d1.cloudfront.net."]
    assert of(document, "records", "one/validation") | {"path": ""} == {
        "id": "one/validation", "path": "", "name": "_a.url1.example.net.", "type": "CNAME", "match": "exact",
        "values": ["_b.acm-validations.aws."], "ttl_seconds": 300, "ttl": "exact", "served": "as-declared", "resolve": "none", "families": [4],
    }  # fmt: skip
    edge = of(document, "endpoints", "one/edge")
    assert (edge["connect"], edge["https"], edge["http"]) == (None, "required", "required")
    assert document["pending"] == []
    parse({**document, "written_at": "2026-11-22T10:00:00Z"})


def test_a_ready_edge_is_asked_at_its_distribution_and_the_click_host_at_the_sender() -> None:
    document = derive(build(declared(link("one", NET, "ready"))), known)
    assert of(document, "records", "one/click")["values"] == ["sendgrid.net."]
    assert of(document, "endpoints", "one/edge")["connect"] == "d1.cloudfront.net."
    assert of(document, "endpoints", "one/sender")["https"] == "off"


def test_what_is_not_known_yet_is_pending_and_nothing_is_made_up() -> None:
    document = derive(build(declared(link("one", NET, "live"), link("two", "url2.example.net", "ready"))), unknown)
    assert {record["id"] for record in document["records"]} == {"1234567.example.net/owner", "two/click"}
    assert {entry["id"] for entry in document["pending"]} == {
        "one/click",
        "one/validation",
        "two/validation",
        "two/edge",
    }
    assert all("known only after deployment" in entry["reason"] for entry in document["pending"])
    parse(document)


def test_a_proxied_record_is_expected_as_served_and_its_ttl_is_cloudflare_s() -> None:
    document = derive(build(declared(link("one", COM, "live", "cf"))), unknown)
    click = of(document, "records", "one/click")
    assert (click["served"], click["ttl"], click["ttl_seconds"]) == ("proxied", "ignore", None)
    assert click["values"] == ["sendgrid.net."]


def test_a_cloudflare_edge_in_ready_says_why_it_could_not_be_asked() -> None:
    document = derive(build(declared(link("one", COM, "ready", "cf"))), unknown)
    (pending,) = document["pending"]
    assert pending["id"] == "one/edge"
    assert "until its record is proxied" in pending["reason"]


def test_ids_are_unique_and_shared_owner_hosts_are_one_record() -> None:
    links = [
        link(f"l{n}", f"url{n}.example.net", phase, more=", in_use: false")
        for n, phase in enumerate(("branded", "ready", "live", "secured"))
    ]
    document = derive(build(declared(*links, hosts="karte: {provider: karte, host: t.example.com}")), known)
    ids = [entry["id"] for part in ("zones", "records", "caa", "endpoints") for entry in document[part]]
    assert len(ids) == len(set(ids))
    assert [r["name"] for r in document["records"]].count("1234567.example.net.") == 1
    assert of(document, "endpoints", "karte/tls")["tls"] == {
        "trust": "public",
        "min_days": 60,
        "lifetime_share": 3,
        "business_days": 3,
    }
    parse(document)


def test_only_zones_that_hold_a_record_are_expected() -> None:
    document = derive(build(declared(link("one", NET, "branded"))), unknown)
    assert [zone["name"] for zone in document["zones"]] == ["example.net."]


def test_a_link_that_no_mail_has_yet_says_so_and_the_others_say_nothing() -> None:
    for phase, edge, id_ in (("branded", None, "one/sender"), ("secured", "aws", "one/edge")):
        unused = derive(build(declared(link("one", NET, phase, edge, more=", in_use: false"))), known)
        assert of(unused, "endpoints", id_)["in_use"] is False
        parse(unused)
        assert "in_use" not in of(derive(build(declared(link("one", NET, phase, edge))), known), "endpoints", id_)


def test_families_are_expected_as_they_are_declared() -> None:
    document = derive(build(declared(link("a", NET, "live", more=", families: [4, 6]"))), known)
    assert of(document, "records", "a/click")["families"] == [4, 6]
    assert of(document, "endpoints", "a/edge")["families"] == [4, 6]


def test_an_alias_is_asked_for_addresses_and_its_second_record_is_no_expectation_of_its_own() -> None:
    document = derive(build(declared(link("a", NET, "live", more=", record: alias, families: [4, 6]"))), known)
    click = of(document, "records", "a/click")
    assert (click["type"], click["served"], click["ttl"], click["families"]) == ("CNAME", "alias", "ignore", [4, 6])
    assert [one["id"] for one in document["records"] if one["name"] == f"{NET}."] == ["a/click"]
    parse(document)


def test_a_standby_is_asked_at_its_own_name_and_marked_for_what_it_is() -> None:
    document = derive(build(declared(link("one", COM, "live", "cf, standby: aws"))), known)
    standby, edge = (of(document, "endpoints", f"one/{role}") for role in ("standby", "edge"))
    assert (standby["standby"], standby["connect"], standby["edge"]) == (True, "d1.cloudfront.net.", "cloudfront")
    assert "standby" not in edge
    assert {entry["id"] for entry in document["caa"]} == {"one/caa", "one/standby-caa"}
    assert of(document, "records", "one/standby-validation")["name"] == "_a.url1.example.net."
    parse(document)


def test_a_standby_whose_name_is_not_known_yet_is_pending() -> None:
    document = derive(build(declared(link("one", COM, "live", "cf, standby: aws"))), unknown)
    assert "one/standby" in {entry["id"] for entry in document["pending"]}
