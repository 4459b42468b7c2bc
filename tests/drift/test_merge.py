"""A thing is named once: by the comparison nearest to its cause, with what the world shows beneath."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from linkproof.declaration.load import load_text
from linkproof.drift import world
from linkproof.drift.about import About
from linkproof.drift.baseline import Acceptance
from linkproof.drift.merge import merged
from linkproof.drift.model import Item
from linkproof.plan.build import build
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.result import CouldNotCheck, Coverage, Finding, Lagging, VerificationResult

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z0EXAMPLE}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: live}
  two: {sender: sendgrid, click_host: url2.example.net, owner_host: 1234567.example.net, phase: branded}
"""


@pytest.fixture(scope="module")
def about() -> About:
    loaded = load_text(TEXT, "stacks/dev.yaml")
    assert loaded.declaration is not None, loaded.problems
    return About(build(loaded.declaration))


def finding(id_: str, rule: str, name: str, rtype: str = "CNAME", server: str = "ns1.example.org", **more) -> Finding:
    seen = Vantage("authoritative", server, "192.0.2.1", "udp")
    return Finding(rule, "error", id_, name, rtype, "declared", "other", seen, "why", "fix", **more)


def result(findings=(), lagging=(), unknown=()) -> VerificationResult:
    return VerificationResult("differs", tuple(findings), tuple(lagging), tuple(unknown), Coverage(1, 1, 0), {})


def cloud(subject: str, path: str = "", kind="drift") -> Item:
    return Item(kind, "state = cloud", subject, "t", path)


def outside(about: About, *findings: Finding, **more) -> list[Item]:
    return list(world.items(result(findings, **more), about))


def test_every_server_that_shows_it_is_one_item(about: About) -> None:
    found = outside(
        about,
        finding("one/click", "dns.wrong-value", "url1.example.net."),
        finding("one/click", "dns.wrong-value", "url1.example.net.", server="ns2.example.org"),
    )
    assert [(item.kind, item.key, item.links) for item in found] == [
        ("drift", "url1.example.net/CNAME:dns.wrong-value", ("one",))
    ]
    assert "ns1.example.org" in found[0].why
    assert "ns2.example.org" in found[0].why


def test_a_missing_name_is_missing_and_an_old_answer_lags_until_a_moment(about: About) -> None:
    gone, old = finding("one/click", "dns.missing-name", "n"), finding("two/click", "dns.wrong-value", "m")
    until = datetime(2026, 12, 1, tzinfo=UTC)
    found = outside(about, gone, lagging=[Lagging(old, until)])
    assert [(item.kind, item.until) for item in found] == [("missing", ""), ("lagging", "2026-12-01T00:00:00Z")]


def test_what_the_api_and_the_world_show_is_one_item(about: About) -> None:
    record = outside(about, finding("one/click", "dns.wrong-value", "url1.example.net."))
    edge = outside(about, finding("one/edge", "http.query-dropped", "url1.example.net", "HTTPS"))
    (item,) = merged([], [cloud("url1.example.net/CNAME", "records")], [*record, *edge], about)
    assert (item.comparison, item.links) == ("state = cloud", ("one",))
    assert [line.split()[1] for line in item.seen] == ["dns.wrong-value", "http.query-dropped"]


def test_an_edge_is_explained_by_the_object_that_is_about_the_fewest_links(about: About) -> None:
    shared, own = cloud("1234567.example.net/CNAME", "ttl"), cloud("url1.example.net", "aliases")
    edge = outside(about, finding("one/edge", "http.edge-unconfigured", "url1.example.net", "HTTPS"))
    found = merged([], [shared, own], edge, about)
    assert [len(item.seen) for item in found] == [0, 1]
    assert found[0].links == ("one", "two")


def test_another_records_drift_explains_no_record(about: About) -> None:
    wrong = outside(about, finding("one/click", "dns.wrong-value", "url1.example.net."))
    found = merged([], [cloud("1234567.example.net/CNAME", "ttl")], wrong, about)
    assert [(item.comparison, item.seen) for item in found] == [("state = cloud", ()), ("cloud = world", ())]


def test_dropped_protection_explains_nothing(about: About) -> None:
    edge = outside(about, finding("one/edge", "http.edge-unconfigured", "url1.example.net", "HTTPS"))
    protect = Item("drift", "code = state", "url1.example.net", "t", "protect")
    assert len(merged([protect], [], edge, about)) == 2


def test_what_an_accepted_difference_breaks_outside_is_not_accepted_with_it(about: About) -> None:
    accepted = Acceptance("url1.example.net", "aliases", "jo", "x", date(2027, 1, 1), "accepted/dev.yaml:3:5")
    edge = outside(about, finding("one/edge", "http.edge-unconfigured", "url1.example.net", "HTTPS"))
    found = merged([], [cloud("url1.example.net", "aliases")], edge, about, [accepted])
    assert [item.comparison for item in found] == ["state = cloud", "cloud = world"]


def test_a_network_that_is_down_is_one_line_and_a_record_known_to_be_wrong_is_not_said_twice(about: About) -> None:
    unknown = [CouldNotCheck(one, None, "no answer") for one in ("one/click", "two/click", "one/edge")]
    wrong = finding("one/click", "dns.wrong-value", "url1.example.net.")
    found = merged([], [], outside(about, wrong, unknown=unknown), about)
    assert [(item.kind, item.subject) for item in found] == [
        ("drift", "url1.example.net/CNAME"),
        ("could not check", "url2.example.net/CNAME, one/edge"),
    ]


def test_a_policy_that_links_share_is_about_all_links_of_its_edge(about: About) -> None:
    (item,) = merged([], [cloud("default/sendgrid.net/1", "queryStringsConfig")], [], about)
    assert item.links == ("one",)


def test_what_nobody_can_ask_in_a_zone_that_is_lame_is_said_by_the_zone(about: About) -> None:
    lame = finding("zone/example.net", "dns.lame-refused", "example.net.", "SOA", affects=("one/click", "two/click"))
    unknown = [CouldNotCheck(one, None, f"no answer about {one}") for one in ("one/click", "one/edge")]
    (item,) = merged([], [], outside(about, lame, unknown=unknown), about)
    assert (item.key, item.links) == ("example.net:dns.lame-refused", ("one", "two"))


def test_two_reasons_for_one_thing_are_one_line(about: About) -> None:
    unknown = [CouldNotCheck("one/edge", None, why) for why in ("no address", "no answer", "no address")]
    (item,) = merged([], [], outside(about, unknown=unknown), about)
    assert (item.subject, item.why) == ("one/edge", "no address; no answer")


def test_what_was_accepted_of_a_record_hides_nothing_else_of_it(about: About) -> None:
    """A longer TTL is accepted; that somebody else's address is answered is not."""
    accepted = Acceptance("url1.example.net/CNAME", "ttl", "jo", "a test", date(2026, 12, 31), "x.yaml")
    wrong = outside(about, finding("one/click", "dns.wrong-value", "url1.example.net."))
    ttl = cloud("url1.example.net/CNAME", "ttl")
    found = merged((), (ttl,), wrong, about, (accepted,))
    assert [item.key for item in found] == ["url1.example.net/CNAME:ttl", "url1.example.net/CNAME:dns.wrong-value"]
    silent = [CouldNotCheck("one/click", None, "no server answered")]
    unknown = list(world.items(result(unknown=silent), about))
    assert [item.kind for item in merged((), (ttl,), unknown, about, (accepted,))] == ["drift", "could not check"]
    assert [item.kind for item in merged((), (ttl,), unknown, about)] == ["drift"]
