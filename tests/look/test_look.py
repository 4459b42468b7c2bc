"""What a host turns out to be, and what is then wrong with it: over a small internet of its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from linkproof import known
from linkproof.look.card import Card, cards
from linkproof.look.run import Looked, look
from linkproof.verify.replay import judge_again

from tests.verify.certificates import Authority
from tests.verify.edges import BAD_HOSTNAME, Edge, answer
from tests.verify.servers import Refuses
from tests.verify.world import World

HOST = "url.example.test"
SPARKPOST = answer(302, b"", Server="msys-http", Content_Type="text/plain")
SES = answer(200, b"", x_amz_ses_region="eu-west-1", x_amz_ses_request_protocol="https")


def at(
    tmp_path: Path, https: bytes, *, signs: str | None = "cloudfront", hosts: tuple[str, ...] = (HOST,), **given: Any
) -> tuple[Looked, list[Card]]:
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        edge = Edge(world, authority.context(HOST), https=https, http=https, signs=signs)
        looked = look(list(hosts), world.options(ca=authority.file, **given))
        looked_requests[:] = edge.requests
    return looked, cards(looked, datetime.now(UTC))


looked_requests: list[bytes] = []


@pytest.mark.parametrize(
    ("https", "signs", "sender", "edge", "region"),
    [
        (answer(), "cloudfront", "sendgrid", "cloudfront", ""),
        (answer(), "cloudflare", "sendgrid", "cloudflare", ""),
        (answer(), "fastly", "sendgrid", "fastly", ""),
        (answer(), None, "sendgrid", "other", ""),
        (SPARKPOST, "azure", "sparkpost", "azure", ""),
        (SES, "cloudfront", "ses", "cloudfront", "eu-west-1"),
    ],
)
def test_sender_and_edge_are_told_by_what_they_answer(
    tmp_path: Path, https: bytes, signs: str | None, sender: str, edge: str, region: str
) -> None:
    looked, (card,) = at(tmp_path, https, signs=signs)
    seen = looked.seen[0]
    assert (seen.sender, seen.edge, seen.region, seen.phase) == (sender, edge, region, "live")
    assert (card.verdict, looked.result.verdict, looked.result.exit_code) == ("healthy", "proven", 0), looked.result
    assert [step.place for step in card.steps] == ["name", "target", "edge", "sender"]
    assert all(step.mark == "right" for step in card.steps)


def test_an_edge_is_told_by_its_own_certificate_and_by_its_published_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    plain = answer(200, b"<h1>nothing known</h1>")
    with World(tmp_path) as world:
        Edge(world, authority.context("x.ssl.fastly.net"), https=plain, http=plain, signs=None)
        looked = look([HOST], world.options(ca=authority.file))
        assert looked.seen[0].edge == "fastly"
        assert "tls.name-mismatch" in {finding.rule for finding in looked.result.findings}
    monkeypatch.setattr("linkproof.look.recognise.providers_of", lambda addresses: ["cloudflare"])
    (tmp_path / "again").mkdir()
    authority = Authority(tmp_path / "again")
    with World(tmp_path / "again") as world:
        Edge(world, authority.context(HOST), https=plain, http=plain, signs=None)
        assert look([HOST], world.options(ca=authority.file)).seen[0].edge == "cloudflare"


def test_a_server_of_one_s_own_is_no_click_host_and_gets_no_sender_s_verdict(tmp_path: Path) -> None:
    looked, (card,) = at(tmp_path, answer(200, b"<h1>our shop</h1>"), signs=None)
    assert (looked.seen[0].sender, card.verdict) == ("", "healthy")
    assert "no sender of mail is recognised" in card.what
    assert card.questions == ()


@pytest.mark.parametrize(
    ("https", "rule", "place"),
    [
        (answer(404, BAD_HOSTNAME), "http.host-not-forwarded", "sender"),
        (answer(403, b"The request could not be satisfied", Server="CloudFront", X_Amz_Cf_Id="x"), "http.edge-unconfigured", "edge"),
        (answer(404, Age="7"), "http.cached", "edge"),
    ],
)  # fmt: skip
def test_the_picture_has_its_mark_where_the_way_breaks(tmp_path: Path, https: bytes, rule: str, place: str) -> None:
    looked, (card,) = at(tmp_path, https)
    assert looked.result.exit_code == 1
    assert card.verdict == "broken"
    broken = {step.place for step in card.steps if step.mark == "broken"}
    assert broken == {place}
    assert rule in next(step.rules for step in card.steps if step.place == place)


def test_a_name_that_is_gone_and_a_target_that_is_gone(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("old.example.test.", "CNAME", ["gone.vendor.test."])
        looked = look(["nothing.example.test", "old.example.test"], world.options())
    nothing, old = cards(looked, datetime.now(UTC))
    assert [finding.rule for finding in nothing.findings] == ["dns.missing-name"]
    assert "dns.dangling-target" in {finding.rule for finding in old.findings}
    assert {step.place for step in old.steps if step.mark == "broken"} == {"target"}


def test_what_was_asked_to_recognise_is_not_asked_again(tmp_path: Path) -> None:
    at(tmp_path, answer())
    paths = sorted(request.split(b" ")[1].split(b"linkproof=")[0] for request in looked_requests)
    assert paths == [
        b"/.well-known/apple-app-site-association",
        b"/.well-known/assetlinks.json",
        b"/ls/click?upn=&",
        b"/ls/click?upn=&",
    ], "the probe once by each scheme, each file once"


@pytest.mark.parametrize("redirects", [False, True])
def test_files_for_apps_are_looked_for_and_then_judged(tmp_path: Path, redirects: bool) -> None:
    """One server for every path: each answer is a file that lets no app open anything."""
    file = answer(200, b'{"applinks": {"details": []}}', Content_Type="application/json")
    away = answer(301, b"", Location=f"https://{HOST}{{target}}")
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context(HOST), https=file, http=away if redirects else file)
        looked = look([HOST], world.options(ca=authority.file))
    assert looked.seen[0].files == ("apple", "android")


def test_the_evidence_of_a_look_is_judged_again_offline(tmp_path: Path) -> None:
    looked, _ = at(tmp_path, answer(404, Age="7"), save=tmp_path / "evidence")
    again = judge_again(tmp_path / "evidence")
    assert [finding.rule for finding in again.result.findings] == [finding.rule for finding in looked.result.findings]
    assert again.expectations == looked.expectations


def test_a_name_that_the_sender_is_known_by_is_branded_and_its_certificate_is_not_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this internet the sender has another name than outside."""
    real = known.known_name("sendgrid.net")
    monkeypatch.setattr(
        "linkproof.look.recognise.known_name", lambda name: real if name == "edge.vendor.test." else None
    )
    authority = Authority(tmp_path)
    with World(tmp_path) as world:
        Edge(world, authority.context("other.test"), http=answer(), signs=None)
        looked = look([HOST], world.options())
    seen = looked.seen[0]
    assert (seen.sender, seen.region, seen.edge, seen.phase) == ("sendgrid", "us", "", "branded")
    assert looked.result.verdict == "proven"
    assert {endpoint.https for endpoint in looked.expectations.endpoints} == {"off"}


def test_a_sender_s_own_name_and_a_service_known_by_name_alone_are_asked_nothing_and_never_healthy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, service = known.known_name("u1.ct.sendgrid.net"), known.known_name("trck.a8.net")
    names = {HOST: own, "edge.vendor.test.": service}
    monkeypatch.setattr("linkproof.look.recognise.known_name", names.get)
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set("t.example.test.", "CNAME", ["edge.vendor.test."])
        looked = look([HOST, "t.example.test"], world.options())
    assert looked.expectations.endpoints == ()
    assert [(card.verdict, card.to_json()["service"]) for card in cards(looked, datetime.now(UTC))] == [
        ("not judged", None),
        ("not judged", "A8.net"),
    ]


def test_a_card_is_plain_json(tmp_path: Path) -> None:
    _, (card,) = at(tmp_path, answer(404, BAD_HOSTNAME))
    document = json.loads(json.dumps(card.to_json()))
    assert (document["host"], document["phase"], document["rules"]) == (HOST, "live", ["http.host-not-forwarded"])
    assert [question["question"] for question in document["questions"]][1] == "“wrong link”?"
    assert document["questions"][1]["answer"].startswith("links break")


def test_where_the_root_is_answered_by_somebody_else_nothing_is_said_of_the_host(tmp_path: Path) -> None:
    with World(tmp_path, parents=Refuses) as world:
        looked = look([HOST], world.options())
    (card,) = cards(looked, datetime.now(UTC))
    assert (looked.seen[0].status, card.verdict) == ("unknown", "cannot tell")
    assert card.unchecked[0].startswith("the root servers do not answer here")
