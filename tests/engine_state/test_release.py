"""A zone's records leave the state, and nothing that stays names them."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.engine.release import released
from linkproof.errors import LinkproofError

from tests.engine_state.deployed import COM, NET, cloudflare, declared, distribution, link, resource, route53

OWNER = "1234567.example.net"
VALIDATION = "aws:acm/certificateValidation:CertificateValidation"


def document(**deployment: Any) -> dict[str, Any]:
    proof = route53(NET) | {"urn": f"urn:pulumi:test::linkproof::linkproof:cloudfront:Edge$aws:route53/record:Record::{NET}/validation"}  # fmt: skip
    click = route53(NET)["urn"]
    waits = resource(VALIDATION, NET, dependencies=[proof["urn"], "urn:other"], propertyDependencies={"fqdns": [proof["urn"]], "arn": None}, deletedWith=click)  # fmt: skip
    resources = [route53(NET), route53(OWNER), proof, waits, distribution(NET), cloudflare(COM)]
    return {"version": 3, "deployment": {"resources": resources, **deployment}}


def test_the_records_of_one_zone_leave_and_everything_else_stays() -> None:
    before = document()
    after, urns = released(before, declared(link("live")), "example.net")
    assert [urn.rpartition("::")[2] for urn in urns] == [f"{NET}/CNAME", f"{OWNER}/CNAME", f"{NET}/validation"]
    kept = after["deployment"]["resources"]
    assert [r["urn"].rpartition("::")[2] for r in kept] == [NET, NET, f"{COM}/CNAME"]
    assert (kept[0]["dependencies"], kept[0]["propertyDependencies"]) == (["urn:other"], {"fqdns": [], "arn": []})
    assert "deletedWith" not in kept[0]
    assert before == document(), "the document that was given is left as it was"


def test_an_interrupted_deployment_is_mended_first() -> None:
    with pytest.raises(LinkproofError, match="interrupted"):
        released(document(pending_operations=[{"type": "creating"}]), declared(link("live")), "example.net")


@pytest.mark.parametrize(("zone", "problem"), [("example.test", "is no zone of the declaration"), ("example.org", "has no record in example.org")])  # fmt: skip
def test_a_zone_without_records_of_ours_is_said(zone: str, problem: str) -> None:
    with pytest.raises(LinkproofError, match=problem):
        released(document(), declared(link("live")), zone)


def test_records_beside_a_host_leave_with_it_although_their_names_are_no_host_s() -> None:
    beside = [route53(f"_acme-challenge.{NET}"), route53(f"_linkproof.{NET}")]
    before = document()
    before["deployment"]["resources"] += beside
    _, urns = released(before, declared(link("live")), "example.net")
    assert {one["urn"] for one in beside} <= set(urns)
