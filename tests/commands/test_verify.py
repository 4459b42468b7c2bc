"""`linkproof verify`: its input, its options, and what it says of what nobody could be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands.cli import linkproof, refused


def test_verify_needs_one_input(project: Path) -> None:
    assert "name a STACK" in refused("verify", cwd=project)
    assert "name a STACK" in refused("verify", "test", "--expectations", "x.json", cwd=project)


@pytest.mark.parametrize("wait", ["soon", "10", "-5s", "1e9", "10 m", "nanm"])
def test_a_wait_that_is_no_duration_is_refused(project: Path, wait: str) -> None:
    done = linkproof("verify", "test", f"--wait={wait}", cwd=project)
    if wait == "10":
        assert "Invalid value" not in done.stderr, "a number alone is seconds"
    else:
        assert done.returncode == 2
        assert "is not a duration" in done.stderr


@pytest.mark.parametrize(("content", "said"), [
    (None, "linkproof expectations"),
    ("{", "not JSON"),
    ('{"version": 9}', "version is 9"),
    ('{"version": 1, "recrods": []}', "did you mean"),
])  # fmt: skip
def test_expectations_that_cannot_be_read_end_with_2(project: Path, content: str | None, said: str) -> None:
    file = project / "expectations.json"
    if content is not None:
        file.write_text(content)
    assert said in refused("verify", "--expectations", str(file), cwd=project)


def test_a_stack_that_was_never_deployed_is_told_how_to_get_its_expectations(project: Path) -> None:
    assert "run `linkproof expectations" in refused("verify", "test", cwd=project)


@pytest.mark.parametrize(
    "option",
    [
        ("--resolver", "not an address"),
        ("--resolver", "https://"),
        ("--hints", "absent.hints"),
        ("--ca", "absent.pem"),
        ("--dns-port", "0"),
    ],
)
def test_a_bad_option_of_verify_ends_with_2(project: Path, option: tuple[str, str]) -> None:
    file = project / "expectations.json"
    file.write_text(
        '{"version": 1, "records": [{"id": "a", "name": "a.example.net", "type": "CNAME", "values": ["b.example."]}]}'
    )
    refused("verify", "--expectations", str(file), *option, cwd=project)


def test_what_nobody_could_be_asked_about_is_not_proven(project: Path) -> None:
    """Nothing is wrong, and something is pending: exit code 3, in both forms."""
    file = project / "expectations.json"
    file.write_text('{"version": 1, "pending": [{"id": "one/edge", "reason": "known only after deployment"}]}')
    assert linkproof("verify", "--expectations", str(file), cwd=project).returncode == 3
    done = linkproof("verify", "--expectations", str(file), "--json", cwd=project)
    document = json.loads(done.stdout)
    assert (done.returncode, document["verdict"], document["version"]) == (3, "not-proven", 1)
    assert {"findings", "lagging", "could_not_check", "coverage", "timing"} <= set(document)
    assert "one/edge" in {entry["id"] for entry in document["could_not_check"]}


def test_summary_says_that_the_last_verification_asked_a_part(project: Path) -> None:
    file = project / ".linkproof" / "test" / "verify.json"
    file.parent.mkdir(parents=True)
    document = {"verdict": "proven", "coverage": {"cells": 4, "checked": 4, "could_not_check": 0}}
    for left, is_said in (({}, False), ({"not_asked": {"count": 7, "of": 9, "ids": [], "run": 1}}, True)):
        file.write_text(json.dumps({**document, **left}))
        done = linkproof("summary", "test", cwd=project)
        assert "Verdict: proven" in done.stdout
        assert ("7 of 9 expectations were not asked" in done.stdout) is is_said


def test_a_shard_or_a_place_that_is_none_is_refused_before_anybody_is_asked(project: Path) -> None:
    file = project / "expectations.json"
    file.write_text('{"version": 1}')
    given = ("verify", "--expectations", str(file))
    assert "write K/N" in refused(*given, "--shard", "4/3", cwd=project)
    assert "not a name" in refused(*given, "--vantage", "Tokyo East", cwd=project)
    assert "no share" in refused(*given, "--since", str(file), "--sample", "2/3", cwd=project)
    assert "linkproof verify" in refused("merge", str(file), cwd=project)
