"""`edges.<key>.drain`: how long it may be, what a wrong one is told, and what `plan` says of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from linkproof.declaration.load import load_text
from linkproof.plan.build import build
from linkproof.plan.render import render, to_json

from tests.managed import read

LINK = "links:\n  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1.example.net, phase: ready, edge: aws}\n"
ZONE = "version: 1\nzones:\n  example.net: {dns: route53, id: Z0EXAMPLE}\n"


def text(drain: str, head: str = ZONE) -> str:
    said = f", drain: {drain}" if drain else ""
    return f"{head}edges:\n  aws: {{provider: cloudfront{said}}}\n{LINK}"


@pytest.mark.parametrize("wrong", ["7", "7 days", "-1d", "91d", "2161h", "07d", "1.5d", "true"])
def test_anything_else_than_a_time_is_refused_where_it_stands(wrong: str) -> None:
    (problem,) = load_text(text(wrong), "stacks/prod.yaml").problems
    assert (problem.rule, problem.path, problem.place.line) == ("shape.value", "edges.aws.drain", 5)
    assert "a time of at most 90 days, as 7d, 12h, 30m or 0s" in problem.message


@pytest.mark.parametrize(
    ("drain", "seconds"), [("0s", 0), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("90d", 7_776_000)]
)
def test_a_time_is_read(drain: str, seconds: int) -> None:
    assert read(text(drain)).edges["aws"].options.drain == seconds


@pytest.mark.parametrize(("head", "drain", "line"), [
    (ZONE, "", "  drain        aws 7d after clicks have left it, for those who still come"),
    (ZONE, "36h", "  drain        aws 36h after clicks have left it, for those who still come"),
    (ZONE, "0s", ""),
    (ZONE + "lab: true\n", "", ""),
    (ZONE + "lab: true\n", "1d", "  drain        aws 1d after clicks have left it, for those who still come"),
])  # fmt: skip
def test_plan_says_how_long_an_edge_stays(head: str, drain: str, line: str) -> None:
    declaration = read(text(drain, head))
    shown = [one for one in render(declaration, build(declaration)).splitlines() if one.startswith("  drain")]
    assert shown == ([line] if line else [])


def test_plan_of_a_stack_says_until_when() -> None:
    declaration = read(text(""))
    until = {"url1.example.net": datetime(2026, 12, 6, 10, 0, tzinfo=UTC)}
    shown = render(declaration, build(declaration), drains_until=until)
    assert (
        "  drain        clicks have left an edge, which stays for those who still come until 2026-12-06 10:00 UTC"
        in shown
    )
    (entry,) = to_json(declaration, build(declaration), drains_until=until)["links"]
    assert entry["drains_until"] == "2026-12-06T10:00:00+00:00"
    (entry,) = to_json(declaration, build(declaration))["links"]
    assert entry["drains_until"] is None
