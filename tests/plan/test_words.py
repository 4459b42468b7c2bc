"""What a change means: for a click, and for each object that it touches."""

from __future__ import annotations

import re

import pytest
from linkproof.plan.build import build
from linkproof.plan.diff import diff_plans
from linkproof.plan.render import render
from linkproof.plan.words import clicks

from tests.plan.declared import declared, link

NET, COM = "url1.example.net", "url1.example.com"
KARTE = "karte: {provider: karte, host: t.example.com}"


def said(before: tuple[str, ...], after: tuple[str, ...]) -> list[str]:
    return list(clicks(build(declared(*before)), build(declared(*after))))


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("branded", "ready", None),
        ("ready", "live", "clicks go to edge aws (cloudfront, account cdn) in place of the sender (sendgrid)"),
        ("live", "ready", "clicks go to the sender (sendgrid) in place of edge aws (cloudfront, account cdn)"),
        ("live", "secured", "clicks go where they went; mail is said to be written with https:// from now on"),
        ("live", "live", None),
    ],
)
def test_a_phase_step_says_where_clicks_go(before: str, after: str, words: str | None) -> None:
    wanted = [f"{NET}: {words}"] if words else []
    assert said((link("a", NET, before),), (link("b", NET, after),)) == wanted


def test_new_and_leaving_hosts_are_named() -> None:
    one, two = link("a", NET, "branded"), link("b", "url2.example.net", "branded")
    assert said((one,), (one, two)) == ["url2.example.net: a new link; its clicks go to the sender (sendgrid)"]
    assert said((one, two), (one,)) == ["url2.example.net: the link goes; whoever clicks it in old mail gets nowhere"]
    with_host, without = build(declared(one, hosts=KARTE)), build(declared(one))
    assert "measure nothing" in next(clicks(with_host, without))
    assert "events go to cname.karte.io." in next(clicks(without, with_host))


def test_no_change_is_told_as_true_and_false_or_as_from_a_thing_to_itself() -> None:
    phases = ("branded", "ready", "live", "secured")
    for edge, host in (("aws", NET), ("cf", COM), ("theirs", COM)):
        plans = [build(declared(link("a", host, phase, edge, more=more))) for phase in phases for more in ("", ", ttl_seconds: 600, in_use: false")]  # fmt: skip
        for one in plans:
            for other in plans:
                for change in map(str, diff_plans(one, other)):
                    assert not re.search(r"\b(True|False)\b|: .* →", change), change
                    assert not re.search(r"\b(yes|no) in place of", change), change
                    assert not re.search(r"(\S+) in place of \1(\s|;|$)", change), change


def test_a_proxied_record_is_called_proxied_in_the_plan() -> None:
    for phase, is_proxied in (("ready", False), ("live", True), ("secured", True)):
        declaration = declared(link("a", COM, phase, "cf"))
        (line,) = [one for one in render(declaration, build(declaration)).splitlines() if "click host" in one]
        assert ("proxied" in line) is is_proxied
    declaration = declared(link("a", COM, "ready", "cf"))
    assert "is proxied: the edge's own addresses are answered in place of its CNAME" in render(declaration, build(declaration))  # fmt: skip
