"""What stands, from a declaration, a state with its history and the last report."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linkproof.standing.page import render
from linkproof.standing.rows import standing
from linkproof.standing.text import lines

from tests.engine_state.deployed import COM, NET, NOW, declared, distribution, link, remembered, route53, said, state

REPORT = {
    "verdict": "proven",
    "certificates": [
        {"id": "one/edge", "host": NET, "not_after": (NOW + timedelta(days=40, hours=1)).isoformat()},
        {"id": "one/other", "host": NET, "not_after": (NOW + timedelta(days=12, hours=1)).isoformat()},
        {"id": "broken", "host": COM, "not_after": "soon"},
    ],
}


def test_a_link_that_has_just_moved_waits_for_the_answers_of_before_with_the_ttl_that_they_had() -> None:
    before, now = declared(link("branded")), declared(link("ready"))
    lowered = before.links["one"]
    assert lowered.ttl_seconds == 300
    moved = (NOW - timedelta(minutes=3)).isoformat().replace("+00:00", "Z")
    history = remembered(
        (before, "2026-11-01T10:00:00Z", "2026-11-01T10:00:05Z"),
        (declared(link("live")), "2026-11-20T10:00:00Z", "2026-11-20T10:00:05Z"),
        (now, moved, moved),
    )
    found = standing(
        "prod", now, state(route53(NET), distribution(NET), *history, links=said("ready")), REPORT, NOW, NOW
    )
    (row,) = found.rows
    assert (row.phase, row.deployed, row.edge, row.next, row.days_left) == ("ready", "ready", "cloudfront", "live", 12)
    # 300 s of TTL and what the zone's servers may need, counted from the move
    assert row.waits_until is not None
    propagation = now.zones["example.net"].propagation_seconds
    assert row.waits_until == datetime.fromisoformat(moved) + timedelta(seconds=300 + propagation)
    assert any("CNAME" in change or "point" in change for change in row.next_changes)
    later = standing(
        "prod",
        now,
        state(route53(NET), distribution(NET), *history, links=said("ready")),
        REPORT,
        NOW,
        NOW + timedelta(days=2),
    )
    assert later.rows[0].waits_until is None


def test_what_is_declared_and_not_deployed_yet_is_said_and_so_is_what_nobody_knows() -> None:
    plan = declared(link("live"), link("branded", COM, None, key="two"))
    found = standing("prod", plan, state(route53(NET), links=said("ready")), {}, None, NOW)
    text = "\n".join(lines(found))
    assert "live (deployed: ready)" in text
    assert "branded (deployed: nothing)" in text
    assert "2 links: 1 branded, 1 live" in text
    assert "nothing was verified yet" in text
    nobody = standing("prod", plan, None, {}, None, NOW, ("prod was never deployed",))
    assert {row.waits_until for row in nobody.rows} == {None}
    assert "not known: prod was never deployed" in "\n".join(lines(nobody))


def test_the_page_has_every_row_and_escapes_what_it_shows() -> None:
    plan = declared(link("branded"))
    found = standing("<b>", plan, None, REPORT, NOW, NOW, ("<script>alert(1)</script>",))
    page = render(found, datetime(2026, 11, 22, tzinfo=UTC))
    assert "<script" not in page
    assert "&lt;b&gt;" in page
    assert NET in page
    assert "12 days" in page


def test_a_link_that_lives_on_for_mail_already_sent_says_until_when_and_then_that_it_may_go() -> None:
    day = (NOW + timedelta(days=30)).date()
    kept = link("live").replace("phase:", f"successor: {{link: two, until: {day}}}, phase:")
    plan = declared(kept, link("branded", COM, None, key="two"))
    found = standing("prod", plan, None, {}, None, NOW)
    assert f"one is kept until {day} for mail already sent; new mail has two ({COM})" in "\n".join(lines(found))
    later = standing("prod", plan, None, {}, None, NOW + timedelta(days=31))
    assert f"one is kept until {day}, which has come: it may go: deploy ready → branded" in "\n".join(lines(later))
    assert [row["kept"] is None for row in later.to_json()["rows"]] == [False, True]
    assert "which has come" in render(later, NOW)


def test_a_verification_that_asked_a_part_is_not_shown_as_one_of_all() -> None:
    part = {**REPORT, "not_asked": {"count": 7, "of": 9, "ids": [], "run": 1}}
    for report, is_said in ((REPORT, False), (part, True), ({**REPORT, "not_asked": "broken"}, False)):
        found = standing("prod", declared(link("live")), state(route53(NET)), report, NOW, NOW)
        assert any("7 of 9 were not asked" in line for line in lines(found)) is is_said
