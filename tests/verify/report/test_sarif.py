"""SARIF against its official schema, and against what GitHub's code scanning refuses."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import jsonschema
import pytest
from linkproof.expectations.model import parse
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.report.sarif import MAX_NOTIFICATIONS, render
from linkproof.verify.report.sarif_log import MAX_RESULTS
from linkproof.verify.result import CouldNotCheck, Lagging
from linkproof.verify.rules.registry import RULES

from tests.verify.report.nasty import AT, STRINGS, finding, result

FILE = Path(__file__).parent / "sarif_schema" / "sarif-schema-2.1.0.json"
OFFICIAL = "c3b4bb2d6093897483348925aaa73af03b3e3f4bd4ca38cef26dcb4212a2682e"
validator = jsonschema.Draft4Validator(json.loads(FILE.read_text("utf-8")))


def document(found, wanted=None):
    told = json.loads(render(found, wanted or parse({"version": 1, "stack": "prod"}), AT))
    problems = [f"{list(error.absolute_path)}: {error.message}" for error in validator.iter_errors(told)]
    assert not problems, problems[:5]
    return told


def every_rule():
    """A finding of each rule, with a place and without."""
    found, _ = result("plain text")
    findings = tuple(
        replace(finding("plain text", rule.id, rule.severity), id=f"{rule.id}{place}", place=place)
        for rule in RULES.values()
        for place in ("", "stacks/my links.yaml:4:3", "/abs/x.yaml:1:1")
    )
    return replace(found, findings=findings, lagging=(Lagging(findings[0], AT),))


def test_the_schema_is_the_official_one_and_finds_faults():
    assert hashlib.sha256(FILE.read_bytes()).hexdigest() == OFFICIAL
    told = document(every_rule())
    broken = [
        lambda run: run["results"][0]["locations"][0]["physicalLocation"]["region"].update(startLine=0),
        lambda run: run["results"][0].update(level="severe"),
        lambda run: run["results"][0].pop("message"),
        lambda run: run["tool"]["driver"]["rules"][0].update(severity="high"),
        lambda run: run["invocations"][0].pop("executionSuccessful"),
    ]
    for breaks in broken:
        copy = json.loads(json.dumps(told))
        breaks(copy["runs"][0])
        assert not validator.is_valid(copy)


@pytest.mark.parametrize("position", range(len(STRINGS)))
def test_hostile_text_in_every_field_keeps_the_form(position):
    document(*result(STRINGS[position]))


def test_every_result_has_what_code_scanning_refuses_a_file_for():
    told = document(every_rule())
    assert told["$schema"]
    (run,) = told["runs"]
    for item in run["results"]:
        (location,) = item["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert item["message"]["text"]
        assert item["partialFingerprints"]
    prints = [json.dumps(item["partialFingerprints"]) for item in run["results"] if item["level"] != "note"]
    assert len(prints) == len(set(prints)), "two findings are two alerts"
    rules = run["tool"]["driver"]["rules"]
    assert {rule["id"] for rule in rules} == set(RULES)
    for rule in rules:
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert 0 < len(rule["properties"]["tags"]) <= 10
        if "helpUri" in rule:
            assert urlsplit(rule["helpUri"]).netloc
            assert not set(rule["helpUri"]) & set(' ";,<>'), "one address and nothing else"


def test_one_reason_at_every_server_is_one_notification():
    found, _ = result("plain text")
    asked = [Vantage("authoritative", f"ns{number}.example.", f"192.0.2.{number}", "udp") for number in range(5)]
    blocked = tuple(CouldNotCheck("link/click", vantage, "no route") for vantage in asked)
    other = CouldNotCheck("link/click", asked[0], "rate limited")
    run = document(replace(found, could_not_check=(*blocked, other)))["runs"][0]
    said = [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    first = "ns0.example (192.0.2.0, udp), ns1.example (192.0.2.1, udp), ns2.example (192.0.2.2, udp)"
    assert said == [
        f"link/click at {first} and 2 more: no route",
        "link/click at ns0.example (192.0.2.0, udp): rate limited",
    ]


def test_a_finding_without_a_place_is_shown_in_the_declaration():
    found, _ = result("plain text")
    homeless = replace(finding("plain text"), place="")
    for others, stack, uri in (
        ((), "prod", "stacks/prod.yaml"),
        ((), "", "expectations.json"),
        ((replace(homeless, place="stacks/other.yaml:7:3"),), "prod", "stacks/other.yaml"),
    ):
        whole = replace(found, findings=(homeless, *others), lagging=())
        told = document(whole, parse({"version": 1, "stack": stack}))
        physical = told["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": uri, "uriBaseId": "%SRCROOT%"}
        assert physical["region"] == {"startLine": 1, "startColumn": 1}


def test_a_sentence_ends_with_one_full_stop():
    found, _ = result("plain text")
    one = replace(finding("x"), expected="edge.vendor.test.", observed="old.vendor.test.", why="it is old", fix="wait")
    told = document(replace(found, findings=(one,), lagging=()))
    text = told["runs"][0]["results"][0]["message"]["text"]
    assert "declared edge.vendor.test., answered old.vendor.test. It is old. Fix: Wait. " in text


def test_more_than_code_scanning_takes_is_counted_and_the_worst_is_kept():
    found, _ = result("plain text")
    errors = tuple(replace(finding("plain text"), id=f"link{number}/click") for number in range(MAX_RESULTS - 1))
    warnings = tuple(replace(one, severity="warning", rule="http.cached") for one in errors)
    unknown = tuple(CouldNotCheck(f"link{number}/edge", None, "no route") for number in range(MAX_NOTIFICATIONS + 7))
    text = render(
        replace(found, findings=errors + warnings, lagging=(), could_not_check=unknown),
        parse({"version": 1, "stack": "prod"}),
        AT,
    )
    run = json.loads(text)["runs"][0]
    assert [item["level"] for item in run["results"]] == ["error"] * (MAX_RESULTS - 1) + ["warning"]
    said = [item["message"]["text"] for item in run["invocations"][0]["toolExecutionNotifications"]]
    assert said[-2:] == [
        f"{MAX_RESULTS - 2} more findings: the JSON report has them.",
        "7 more that could not be checked: the JSON report has them.",
    ]
    assert len(gzip.compress(text.encode())) < 10_000_000
    few = document(replace(found, findings=errors, lagging=(), could_not_check=unknown[:MAX_NOTIFICATIONS]))
    notes = few["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert len(notes) == MAX_NOTIFICATIONS
    assert {note["descriptor"]["id"] for note in notes} == {"could-not-check"}
