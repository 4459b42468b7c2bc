"""A canary's URL is its recipient's: it is taken as it is, and told to nobody."""

from __future__ import annotations

import json

import pytest
from linkproof.contract.values import Late
from linkproof.declaration.load import load_text
from linkproof.expectations.derive import derive, exported
from linkproof.expectations.model import InvalidExpectationsError, parse
from linkproof.plan.build import build
from linkproof.plan.diff import diff_plans
from linkproof.plan.render import render, to_json

from tests.plan.declared import declared, link

HOST = "url1.example.net"
# long, with capitals and digits: what an API key would look like anywhere else
TOKEN = "Ab1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV1wX2yZ3aB4cD5eF6gH7iJ8-2Bkl-3D"
URLS = (f"http://{HOST}/ls/click?upn={TOKEN}", f"http://{HOST}/ls/click?upn=other{TOKEN}")
APPS = "universal_links: {apple: [ABCDE12345.com.example.app], android: [], path: /uni/}"


def canaries(*urls: str) -> str:
    listed = ", ".join(f"{{url: '{url}', leads_to: 'https://www.example.com/{n}'}}" for n, url in enumerate(urls))
    return f"canaries: [{listed}]"


def plan(phase: str, *more: str, edge: str = "aws", host: str = HOST):
    declaration = declared(link("a", host, phase, edge, more="".join(f", {one}" for one in more)))
    return declaration, build(declaration)


def late(_: Late) -> str:
    return "d1.cloudfront.net."


def test_a_long_token_is_no_secret_in_a_canary_and_is_one_anywhere_else() -> None:
    _, planned = plan("live", canaries(*URLS))
    assert [canary.url for canary in planned.endpoints[0].canaries] == list(URLS)
    for text in (
        f"version: 1\nzones:\n  example.org: {{dns: manual, transfer_group: 'http://{HOST}/?upn={TOKEN}'}}\n",
        f"version: 1\n# {URLS[0]}\n",
    ):
        assert "secrets.value" in {problem.rule for problem in load_text(text, "t.yaml").problems}


def test_a_credential_is_refused_in_a_canary_too() -> None:
    key = "SG.abcdefghijklmnopqrstuv.ABCDEFGH"
    text = f"version: 1\nlinks:\n  a:\n    canaries:\n    - {{url: 'http://{HOST}/?k={key}', leads_to: 'https://a.test/'}}\n"
    problems = load_text(text, "t.yaml").problems
    assert ("secrets.value", "links.a.canaries.0.url") in {(problem.rule, problem.path) for problem in problems}
    assert key not in str(problems)


@pytest.mark.parametrize(
    "written",
    [
        f"canaries: '{URLS[0]}'",
        f"canaries: ['{URLS[0]}']",
        f"canaries: [{{url: ['{URLS[0]}'], leads_to: x}}]",
        f"canaries: [{{url: '{URLS[0]}', leads_to: x}}, {{url: '{URLS[0]}', leads_to: 'https://a.test/'}}]",
        f"canaries: [{{url: 'http://{HOST}:99/ls/click?upn={TOKEN}', leads_to: 'https://a.test/'}}]",
    ],
)
def test_no_problem_repeats_the_url(written: str) -> None:
    text = f"version: 1\nlinks:\n  a: {{sender: sendgrid, click_host: {HOST}, phase: branded, {written}}}\n"
    problems = [problem for problem in load_text(text, "t.yaml").problems if problem.is_error]
    assert any("canaries" in problem.path for problem in problems)
    assert TOKEN[:8] not in str(problems)


def test_nothing_that_people_see_before_a_run_has_the_url() -> None:
    declaration, planned = plan("live", canaries(*URLS))
    other = plan("live", canaries(*reversed(URLS)))[1]
    shown = render(declaration, planned) + json.dumps(to_json(declaration, planned)) + repr(planned)
    shown += str(diff_plans(planned, other)) + str(diff_plans(plan("live")[1], planned))
    assert TOKEN not in shown
    assert "a link to https://www.example.com/1" in shown
    assert TOKEN not in json.dumps(exported(planned, late))
    document = derive(planned, late)
    assert [canary["url"] for canary in document["endpoints"][0]["canaries"]] == list(URLS)
    assert TOKEN not in repr(parse(document))


@pytest.mark.parametrize(
    ("phase", "edge", "host", "asked"),
    [
        ("branded", "aws", HOST, []),
        ("ready", "aws", HOST, ["a/edge"]),
        ("live", "aws", HOST, ["a/edge"]),
        ("secured", "aws", HOST, ["a/edge"]),
        ("ready", "cf", "url1.example.com", []),
        ("live", "cf", "url1.example.com", ["a/edge"]),
    ],
)
def test_only_an_edge_is_asked_for_files_and_by_canaries(phase: str, edge: str, host: str, asked: list[str]) -> None:
    urls = [url.replace(HOST, host) for url in URLS]
    document = derive(plan(phase, canaries(*urls), APPS, edge=edge, host=host)[1], late)
    expectations = parse(document)
    assert [endpoint.id for endpoint in expectations.endpoints if endpoint.canaries] == asked
    wanted = [endpoint.universal_links for endpoint in expectations.endpoints if endpoint.universal_links]
    assert [(one.apple, one.android, one.path) for one in wanted] == [
        (("ABCDE12345.com.example.app",), (), "/uni/") for _ in asked
    ]


def test_what_is_not_declared_adds_nothing() -> None:
    for endpoint in derive(plan("live")[1], late)["endpoints"]:
        assert not {"canaries", "universal_links"} & set(endpoint)


@pytest.mark.parametrize(
    "canary",
    [
        {"url": "http://elsewhere.test/a", "leads_to": "https://a.test/"},
        {"url": f"http://{HOST}/a b", "leads_to": "https://a.test/"},
        {"url": f"http://{HOST}/a\r\nX: y", "leads_to": "https://a.test/"},
        {"url": f"http://{HOST}/a", "leads_to": "javascript:alert(1)"},
    ],
)
def test_expectations_take_only_links_of_the_host(canary: dict[str, str]) -> None:
    endpoint = {"id": "e", "host": HOST, "canaries": [canary]}
    with pytest.raises(InvalidExpectationsError) as caught:
        parse({"version": 1, "endpoints": [endpoint]})
    assert "canary 1: a URL" in str(caught.value)
