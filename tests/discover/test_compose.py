"""From what was seen to entries: each link in its phase, and nothing guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.contract.seen import SeenEdge, SeenRecord, SeenZone
from linkproof.declaration.load import Loaded, load_text
from linkproof.discover.compose import candidates, compose
from linkproof.discover.document import added
from linkproof.discover.entries import Composed, Entry
from linkproof.discover.existing import Existing
from linkproof.discover.model import HostSeen, Seen

D1 = "d111111abcdef8.cloudfront.net"
R53 = SeenZone("example.net", "state.json", "route53", "Z2FDTNDATAQYW2", "network")
CF = SeenZone("example.com", "state.json", "cloudflare", "9a7806061c88ada191ed06f989cc3dac", "brand")
OWNER = SeenRecord("1234567.example.net", "sendgrid.net", 300)


def cname(name: str, target: str = "sendgrid.net", **more: object) -> SeenRecord:
    return replace(SeenRecord(name, target, 300), **more)  # type: ignore[arg-type]


def composed(*zones: SeenZone, looked: Mapping[str, HostSeen] | None = None, **more: object) -> Composed:
    return compose(Seen(tuple(zones), **more), looked or {}, Existing())  # type: ignore[arg-type]


def of(result: Composed, section: str = "links") -> dict[str, Entry]:
    return {entry.key: entry for entry in result.entries if entry.section == section}


def checked(result: Composed) -> Loaded:
    return load_text(added("version: 1\n", result, "x.yaml"), "x.yaml")


def rules(result: Composed) -> list[str]:
    return [problem.rule for problem in checked(result).errors]


def only_note(result: Composed) -> str:
    assert of(result) == {}
    (note,) = result.notes
    return note.text


def test_a_link_behind_cloudfront_whose_origin_tells_the_sender() -> None:
    edge = SeenEdge("cloudfront", D1, ("url1.example.net",), ("sendgrid.net",), "state.json")
    result = composed(R53.with_records([cname("url1.example.net", D1), OWNER]), edges=(edge,))
    assert dict(of(result)["url1"].fields) == {
        "sender": "sendgrid", "click_host": "url1.example.net", "owner_host": "1234567.example.net",
        "edge": "cloudfront", "phase": "live",
    }  # fmt: skip
    assert rules(result) == []
    assert dict(of(result, "zones")["example.net"].fields) == {"dns": "route53", "id": R53.id, "account": "network"}
    assert any("secured" in comment for comment in of(result)["url1"].comments), (
        "whether https is written does not show"
    )


def test_a_cloudfront_name_without_a_sender_is_a_comment() -> None:
    assert "nothing told which sender" in only_note(composed(R53.with_records([cname("url1.example.net", D1)])))


@pytest.mark.parametrize(
    "origins", [("u1.ct.sendgrid.net",), ("sendgrid.net", "eu.sendgrid.net"), ("bucket.s3.amazonaws.com",)]
)
def test_an_origin_that_tells_no_sender_or_two_tells_nothing(origins: tuple[str, ...]) -> None:
    edge = SeenEdge("cloudfront", D1, ("url1.example.net",), origins, "state.json")
    assert "nothing told which sender" in only_note(
        composed(R53.with_records([cname("url1.example.net", D1)]), edges=(edge,))
    )


def test_what_was_seen_from_outside_tells_the_sender() -> None:
    looked = {
        "url1.example.net": HostSeen(
            "url1.example.net", "sendgrid", "SendGrid", "eu", "cloudfront", "CloudFront", "live"
        )
    }
    eu = cname("99.example.net", "eu.sendgrid.net")
    result = composed(R53.with_records([cname("url1.example.net", D1), OWNER, eu]), looked=looked)
    fields = of(result)["url1"].fields
    assert (fields["region"], fields["owner_host"], fields["phase"]) == ("eu", "99.example.net", "live")
    assert rules(result) == []


def test_a_proxied_record_is_live_at_its_dns_hosts_proxy() -> None:
    result = composed(CF.with_records([cname("url1.example.com", is_proxied=True), cname("9.example.com")]))
    assert dict(of(result, "edges")).keys() == {"cloudflare-brand"}
    assert of(result)["url1"].fields["phase"] == "live"
    assert rules(result) == [], "the edge has its zone's account"


def test_two_sources_of_one_zone_are_one() -> None:
    by_hand = SeenZone("example.com", "export", records=(cname("url1.example.com"), cname("9.example.com")))
    result = composed(by_hand, CF)
    assert of(result, "zones")["example.com"].fields["dns"] == "cloudflare"
    assert rules(result) == []


def test_two_dns_hosts_of_one_zone_are_for_a_person_to_choose() -> None:
    other = SeenZone("example.net", "api", "cloudflare", CF.id)
    result = composed(R53.with_records([cname("url1.example.net"), OWNER]), other)
    assert "dns" not in of(result, "zones")["example.net"].fields
    assert rules(result) == ["shape.missing-key"]


def test_two_zones_of_one_name_leave_the_id_out() -> None:
    twin = replace(R53, id="Z2OTHER", records=(cname("url1.example.net"), OWNER))
    result = composed(R53, twin)
    assert of(result, "zones")["example.net"].fields["dns"] == "route53"
    assert rules(result) == ["zones.id-missing"]


def test_sources_that_disagree_about_a_host_are_no_entry() -> None:
    twin = SeenZone("example.net", "old export", records=(cname("url1.example.net", D1),))
    assert "sources disagree" in only_note(composed(R53.with_records([cname("url1.example.net")]), twin))


@pytest.mark.parametrize("owners", [[], ["1.example.net", "2.example.net"], ["1.sub.example.net"]])
def test_an_owner_host_is_never_guessed(owners: list[str]) -> None:
    result = composed(R53.with_records([cname("url1.example.net"), *map(cname, owners)]))
    entry = of(result)["url1"]
    assert "owner_host" not in entry.fields
    assert entry.open == ("owner_host",)
    assert any(comment.startswith("owner_host: ") for comment in entry.comments)
    assert rules(result) == ["link.owner-host-missing"]


def test_an_owner_host_of_another_region_or_a_longer_domain_is_not_taken() -> None:
    """`example.net` ends the name `badexample.net`, and is not its domain."""
    result = composed(R53.with_records([cname("url1.example.net"), cname("9.example.net", "eu.sendgrid.net")]))
    assert of(result)["url1"].open == ("owner_host",)
    bad = SeenZone("badexample.net", "x", records=(cname("url1.badexample.net"),))
    assert of(composed(bad, R53.with_records([OWNER])))["url1"].open == ("owner_host",)


def test_an_owner_host_of_the_parent_domain_is_named_and_not_taken() -> None:
    """SendGrid makes both names on one domain: `url1.sub` may be a subdomain of example.net, or not."""
    entry = of(composed(R53.with_records([cname("url1.sub.example.net"), OWNER])))["url1"]
    assert entry.open == ("owner_host",)
    assert any(OWNER.name in comment for comment in entry.comments)


@pytest.mark.parametrize(("target", "region"), [("spgo.io", None), ("eu.spgo.io", "eu")])
def test_a_tracking_domain_of_sparkposts_is_a_link_without_an_owner_host(target: str, region: str | None) -> None:
    result = composed(R53.with_records([cname("url1.example.net", target)]))
    entry = of(result)["url1"]
    assert (entry.fields["sender"], entry.fields.get("region"), entry.open) == ("sparkpost", region, ())
    assert rules(result) == []


def test_an_owner_host_alone_is_a_comment() -> None:
    assert "no click host was seen" in only_note(composed(R53.with_records([OWNER])))


@pytest.mark.parametrize(("record", "words"), [
    (cname("url1.example.net", "v2.spgo.io"), "SparkPost terminates HTTPS itself"),
    (cname("url1.example.net", "acme.et.e.sparkpost.com"), "SparkPost, region enterprise, whose target a link cannot say"),
    (cname("url1.example.net", "click.sendgrid.net"), "terminates HTTPS itself"),
    (cname("url1.example.net", "u1.ct.sendgrid.net"), "own host for links without a brand"),
    (cname("url1.example.net", "x.cname.ebis.ne.jp"), "AD EBiS, which cannot be declared"),
    (cname("url1.example.net", "url1.example.net.cdn.cloudflare.net"), "a zone of another DNS host"),
    (cname("t.example.net", "cname.karte.io", is_alias=True), "must be a plain CNAME"),
    (cname("*.example.net"), "no host name"),
    (cname("example.net", is_alias=True), "apex"),
    (cname("url1.example.net", doubt="is one of several"), "is one of several"),
    (cname("url1.example.net", is_proxied=True), "nothing told which one"),
])  # fmt: skip
def test_what_cannot_be_declared_is_a_comment_and_never_an_entry_of_another_kind(
    record: SeenRecord, words: str
) -> None:
    result = composed(R53.with_records([record]))
    assert words in only_note(result)
    assert of(result, "tracking_hosts") == {}
    assert rules(result) == []


def test_a_chain_inside_the_zone_is_a_comment() -> None:
    zone = R53.with_records([cname("url1.example.net", "cdn.example.net"), cname("cdn.example.net", D1)])
    notes = [note.text for note in composed(zone).notes]
    assert any("reaches 'd111111abcdef8.cloudfront.net' by another CNAME" in note for note in notes)


def test_a_managed_host_from_outside_is_a_comment() -> None:
    looked = {"url1.example.net": HostSeen("url1.example.net", "sendgrid", "SendGrid", is_managed=True)}
    assert "terminates HTTPS itself" in only_note(
        composed(R53.with_records([cname("url1.example.net")]), looked=looked)
    )


def test_what_looks_otherwise_from_outside_is_left_out() -> None:
    looked = {
        "url1.example.net": HostSeen(
            "url1.example.net", "sendgrid", "SendGrid", "us", "cloudfront", "", "live", target=D1
        )
    }
    result = composed(R53.with_records([cname("url1.example.net"), OWNER]), looked=looked)
    assert of(result)["url1"].open == ("phase",)
    assert rules(result) == ["shape.missing-key"]


def test_an_edge_that_has_a_host_at_the_sender_is_ready() -> None:
    edge = SeenEdge("cloudfront", D1, ("url1.example.net", "url2.example.net"), ("sendgrid.net",), "state.json")
    entry = of(composed(R53.with_records([cname("url1.example.net"), OWNER]), edges=(edge,)))["url1"]
    assert (entry.fields["edge"], entry.fields["phase"]) == ("cloudfront", "ready")
    assert any("also answers for 'url2.example.net'" in comment for comment in entry.comments)


def test_a_host_that_a_person_named_is_an_entry_with_what_is_known() -> None:
    result = composed(hosts=("url1.example.net",))
    assert dict(of(result)["url1"].fields) == {"click_host": "url1.example.net"}
    assert of(result)["url1"].open == ("sender", "phase")
    assert set(rules(result)) == {"shape.missing-key", "names.outside-zones"}
    told = composed(hosts=("url1.example.net",), named_zones=("example.net",))
    assert dict(of(told, "zones")["example.net"].fields) == {"dns": "manual"}


def test_a_named_zone_names_the_zone_that_has_an_id_alone() -> None:
    nameless = replace(R53, name="").with_records(
        [cname("url1.example.net", zone_id=R53.id), replace(OWNER, zone_id=R53.id)]
    )
    assert set(rules(composed(nameless))) == {"names.outside-zones"}
    assert "--zone NAME" in [note.text for note in composed(nameless).notes if note.section == "zones"][-1]
    result = composed(nameless, named_zones=("example.net",))
    assert of(result, "zones")["example.net"].fields["id"] == R53.id
    assert rules(result) == []


def test_keys_are_unique_and_do_not_depend_on_the_order() -> None:
    other = SeenZone("example.org", "x", records=(cname("url1.example.org"), cname("2.example.org")))
    one = R53.with_records([cname("url1.example.net"), cname("url2.example.net"), OWNER])
    assert set(of(composed(one, other))) == {"url1-example-net", "url1-example-org", "url2"}
    assert composed(one, other).entries == composed(other, one.with_records(one.records[::-1])).entries


def test_candidates_are_what_is_worth_a_look() -> None:
    zone = R53.with_records(
        [cname("url1.example.net", D1), cname("www.example.net", "example.org"), cname("*.example.net")]
    )
    assert candidates(Seen((zone,), hosts=("a.example.net",))) == ("a.example.net", "url1.example.net")


NAMES = st.sampled_from(["url1", "url2", "1", "2", "*", "x.1", "_d", "", "url1.sub"])
TARGETS = st.sampled_from(
    ["sendgrid.net", "eu.sendgrid.net", "spgo.io", D1, "cname.karte.io", "click.sendgrid.net", "url1.example.net", "x"]
)
RECORDS = st.builds(
    lambda name, target, ttl, alias, proxied, doubt: SeenRecord(f"{name}.example.net".lstrip("."), target, ttl, alias, proxied, doubt),
    NAMES, TARGETS, st.sampled_from([None, 60, 300]), st.booleans(), st.booleans(), st.sampled_from(["", "", "a\nb: c"]),
)  # fmt: skip
EDGES = st.builds(
    SeenEdge, st.just("cloudfront"), st.just(D1), st.lists(st.just("url1.example.net"), max_size=1).map(tuple),
    st.lists(st.sampled_from(["sendgrid.net", "spgo.io", "x"]), max_size=2).map(tuple), st.just("s"),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(RECORDS, max_size=6), st.lists(EDGES, max_size=2), st.booleans())
def test_with_nothing_left_out_check_has_no_error_and_with_something_it_has(
    records: list[SeenRecord],
    edges: list[SeenEdge],
    at_cloudflare: bool,
) -> None:
    zone = replace(CF, name="example.net") if at_cloudflare else R53
    result = composed(zone.with_records(records), edges=tuple(edges))
    loaded = checked(result)
    assert not any(problem.rule.startswith(("yaml.", "shape.key", "secrets.")) for problem in loaded.problems)
    # what the sources show may break a rule of its own, as two levels below a zone of Universal SSL do
    found = {problem.rule for problem in loaded.errors} - {"edge.universal-ssl-depth"}
    assert bool(found) == result.is_open


def test_the_region_that_an_edge_hides_is_that_of_the_owner_host_or_is_asked_for() -> None:
    looked = {"url1.example.net": HostSeen("url1.example.net", "sendgrid", "SendGrid", edge="cloudfront", phase="live")}
    owner = replace(OWNER, target="eu.sendgrid.net")
    zone = replace(R53, records=(cname("url1.example.net", D1), owner))
    assert of(composed(zone, looked=looked))["url1"].fields["region"] == "eu"
    alone = of(composed(replace(R53, records=(cname("url1.example.net", D1),)), looked=looked))["url1"]
    assert "region" not in alone.fields
    assert any("the edge hides it" in comment for comment in alone.comments)
    usual = of(composed(replace(zone, records=(cname("url1.example.net", D1), OWNER)), looked=looked))["url1"]
    assert "region" not in usual.fields


def test_an_alias_is_written_with_the_families_that_it_stands_for() -> None:
    edge = SeenEdge("cloudfront", D1, ("url1.example.net",), ("sendgrid.net",), "state.json")
    four = cname("url1.example.net", D1, ttl_seconds=None, is_alias=True, families=(4,))
    for records, families in (([four], None), ([four, replace(four, families=(6,))], (4, 6))):
        result = composed(R53.with_records([*records, OWNER]), edges=(edge,))
        fields = of(result)["url1"].fields
        assert (fields["record"], fields.get("families"), fields["phase"]) == ("alias", families, "live")
        assert rules(result) == []


def test_an_alias_that_cannot_be_declared_is_for_a_person_to_decide() -> None:
    edge = SeenEdge("cloudfront", D1, ("url1.example.net",), ("sendgrid.net",), "state.json")
    six = cname("url1.example.net", D1, ttl_seconds=None, is_alias=True, families=(6,))
    for zone in (
        R53.with_records([six, OWNER]),
        replace(R53, dns="manual", id="", records=(replace(six, families=(4,)), OWNER)),
    ):
        entry = of(composed(zone, edges=(edge,)))["url1"]
        assert "record" not in entry.fields
        assert any("an alias record serves it" in comment for comment in entry.comments)


def test_an_ses_link_is_written_with_the_region_that_its_target_names() -> None:
    result = composed(R53.with_records([cname("click.example.net", "r.eu-west-1.awstrack.me")]))
    fields = {"sender": "ses", "region": "eu-west-1", "click_host": "click.example.net", "phase": "branded"}
    assert dict(of(result)["click"].fields) == fields
    assert rules(result) == []
