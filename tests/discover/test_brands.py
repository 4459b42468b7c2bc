"""Links as their sender's account has them: what no record and no look from outside tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from linkproof.contract.seen import SeenBrand, SeenZone
from linkproof.discover.compose import candidates
from linkproof.discover.gather import Sources, gather
from linkproof.discover.model import HostSeen, Seen
from linkproof.errors import LinkproofError

from tests.discover.test_compose import OWNER, R53, cname, composed, of, only_note, rules

HOST, D1 = "url1.example.net", "d111111abcdef8.cloudfront.net"
BRAND = SeenBrand("sendgrid", HOST, "links.json", "1234567.example.net", "us")


def link(**more: Any) -> dict[str, Any]:
    """One entry of SendGrid's answer."""
    records = {
        "domain_cname": {"valid": True, "type": "cname", "host": HOST, "data": "sendgrid.net"},
        "owner_cname": {"valid": True, "type": "cname", "host": "1234567.example.net", "data": "eu.sendgrid.net"},
    }
    made = {"id": 1, "domain": "example.net", "subdomain": "url1", "user_id": 1234567, "valid": True, "dns": records}
    return {**made, **more}


def saved(folder: Path, answer: Any) -> tuple[SeenBrand, ...]:
    file = folder / "links.json"
    file.write_text(answer if isinstance(answer, str) else json.dumps(answer))
    return gather(Sources(answers=(f"sendgrid={file}",)), lambda vendor, account: pytest.fail("nobody is asked")).brands


def test_a_saved_answer_tells_owner_host_and_region(tmp_path: Path) -> None:
    (brand,) = saved(tmp_path, [link()])
    assert (brand.sender, brand.host, brand.owner_host, brand.region) == (
        "sendgrid", HOST, "1234567.example.net", "eu",
    )  # fmt: skip
    assert (brand.is_legacy, brand.notes, brand.refused) == (False, (), "")


def test_what_is_not_valid_or_legacy_or_has_its_own_https_is_said(tmp_path: Path) -> None:
    plain, old, own = saved(tmp_path, [link(valid=False), link(legacy=True), link(auto_ssl=True)])
    assert "is not valid" in plain.notes[0]
    assert old.is_legacy
    assert "`edge: managed`" in own.refused


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"result": []}, "no list of branded links"),
        ([{"id": 1}], "entry 1 has no `domain`"),
        ([link(), 7], "entry 2 has no `domain`"),
        ("[{", "line 1"),
    ],
)
def test_what_is_no_such_answer_is_refused_with_its_place(tmp_path: Path, answer: Any, words: str) -> None:
    with pytest.raises(LinkproofError, match=words) as refused:
        saved(tmp_path, answer)
    assert "links.json" in refused.value.problem
    assert "save what SendGrid's API answers" in refused.value.fix


@pytest.mark.parametrize("source", ["sendgrit", "karte", "ses"])
def test_a_sender_whose_links_cannot_be_read_is_refused(source: str) -> None:
    for sources in (Sources(senders=(source,)), Sources(answers=(f"{source}=x",))):
        with pytest.raises(LinkproofError, match="no sender that lists its links has this name"):
            gather(sources, lambda vendor, account: None)


def test_a_brand_tells_the_sender_behind_an_edge_that_hides_it() -> None:
    zone = R53.with_records([cname(HOST, D1)])
    (entry,) = of(composed(zone, brands=(BRAND,))).values()
    assert dict(entry.fields) == {
        "sender": "sendgrid", "click_host": HOST, "owner_host": "1234567.example.net", "edge": "cloudfront", "phase": "live",
    }  # fmt: skip
    assert any("links.json" in comment for comment in entry.comments)
    assert rules(composed(zone, brands=(BRAND,))) == []


def test_a_brand_chooses_among_owner_hosts_and_says_the_region_that_an_edge_hides() -> None:
    other = cname("7654321.example.net")
    zone = R53.with_records([cname(HOST, D1), OWNER, other])
    looked = {HOST: HostSeen(HOST, sender="sendgrid", phase="live", edge="cloudfront")}
    (without,) = of(composed(zone, looked=looked)).values()
    assert "owner_host" in without.open
    eu = SeenBrand("sendgrid", HOST, "links.json", "7654321.example.net", "eu")
    (entry,) = of(composed(zone, looked=looked, brands=(eu,))).values()
    assert (dict(entry.fields)["owner_host"], dict(entry.fields)["region"]) == ("7654321.example.net", "eu")


def test_a_legacy_brand_has_no_owner_host() -> None:
    legacy = SeenBrand("sendgrid", HOST, "links.json", is_legacy=True)
    result = composed(R53.with_records([cname(HOST)]), brands=(legacy,))
    (entry,) = of(result).values()
    assert dict(entry.fields)["legacy"] is True
    assert "owner_host" not in entry.fields
    assert rules(result) == []


def test_a_brand_with_https_of_its_own_is_a_note() -> None:
    refused = SeenBrand("sendgrid", HOST, "links.json", refused="write it by hand")
    assert "write it by hand" in only_note(composed(R53.with_records([cname(HOST)]), brands=(refused,)))


def test_a_brand_alone_is_looked_at_and_its_phase_left_open() -> None:
    seen = Seen(brands=(BRAND,))
    assert candidates(seen) == (HOST,)
    (entry,) = of(composed(SeenZone("example.net", "x", "route53", R53.id), brands=(BRAND,))).values()
    assert "phase" in entry.open


def test_sparkposts_answer_tells_the_sender_behind_an_edge_and_wants_no_owner_host(tmp_path: Path) -> None:
    domains = [
        {"domain": HOST, "secure": True, "status": {"verified": True}},
        {"domain": "url2.example.net", "status": {"verified": False}, "subaccount_id": 215},
    ]
    file = tmp_path / "domains.json"
    file.write_text(json.dumps({"results": domains}))
    first, second = gather(Sources(answers=(f"sparkpost={file}",)), lambda vendor, account: None).brands
    assert any("subaccount 215" in note for note in second.notes)
    assert any("is not verified" in note for note in second.notes)
    result = composed(R53.with_records([cname(HOST, D1)]), brands=(first,))
    (entry,) = of(result).values()
    assert dict(entry.fields) == {"sender": "sparkpost", "click_host": HOST, "edge": "cloudfront", "phase": "live"}
    assert any("decide: `region`" in comment for comment in entry.comments)
    assert rules(result) == []
    file.write_text("{}")
    with pytest.raises(LinkproofError, match="no list of tracking domains"):
        gather(Sources(answers=(f"sparkpost={file}",)), lambda vendor, account: None)
