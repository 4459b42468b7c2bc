"""What code scanning needs of the problems of declarations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from linkproof.commands.check_sarif import render
from linkproof.declaration.problem import Place, Problem
from linkproof.verify.report.sarif_log import MAX_RESULTS

PROBLEM = Problem("dns.ttl", Place("stacks/a.yaml", 4, 7), "links.a", "wrong [here]", "mend it")


def run_of(*problems: Problem) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(render(problems, 2))["runs"][0]
    return run


def fingerprint_of(problem: Problem) -> str:
    return str(run_of(problem)["results"][0]["partialFingerprints"]["linkproofProblem/v1"])


def test_a_problem_is_known_again_on_another_line_and_told_from_another() -> None:
    assert fingerprint_of(replace(PROBLEM, place=Place("stacks/a.yaml", 9, 1))) == fingerprint_of(PROBLEM)
    others = (
        replace(PROBLEM, rule="dns.other"),
        replace(PROBLEM, path="links.b"),
        replace(PROBLEM, message="another"),
        replace(PROBLEM, place=Place("stacks/b.yaml", 4, 7)),
    )
    assert len({fingerprint_of(one) for one in (PROBLEM, *others)}) == 5


def test_a_file_of_a_revision_is_shown_as_the_file_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    old = replace(PROBLEM, place=Place("HEAD:stacks/a.yaml", 4, 7))
    shown = run_of(old)["results"][0]["locations"][0]["physicalLocation"]
    assert shown == {
        "artifactLocation": {"uri": "stacks/a.yaml", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 4, "startColumn": 7},
    }
    assert fingerprint_of(old) == fingerprint_of(PROBLEM)


def test_brackets_make_no_link_in_a_message() -> None:
    assert run_of(PROBLEM)["results"][0]["message"]["text"] == "links.a: wrong \\[here\\]. Fix: mend it."


def test_warnings_give_way_to_errors_and_what_is_left_out_is_counted() -> None:
    warning = replace(PROBLEM, severity="warning")
    run = run_of(warning, warning, *[PROBLEM] * (MAX_RESULTS - 1))
    assert [one["level"] for one in run["results"]] == ["error"] * (MAX_RESULTS - 1) + ["warning"]
    (said,) = run["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"].startswith("1 more problems")
    assert run_of(PROBLEM)["invocations"][0]["toolExecutionNotifications"] == []
