"""`linkproof drift`: one report of several stacks, and the worst of them as its exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

import pytest
from linkproof.commands.main import app
from linkproof.commands.reports import UnwritableReportError
from linkproof.drift.model import Item, StackDrift
from linkproof.errors import LinkproofError
from typer.testing import CliRunner

DRIFT = Item("drift", "state = cloud", "a/CNAME", path="ttl", expected="300", observed="900")
MISSING = Item("missing", "cloud = world", "b/CNAME")
UNKNOWN = Item("could not check", "state = cloud", "all of it", why="no answer")
LAGGING = Item("lagging", "cloud = world", "c/CNAME", until="2026-12-01T00:00:00Z")
ACCEPTED = Item(
    "accepted", "state = cloud", "d/CNAME", acceptance={"owner": "jo", "reason": "x", "until": "2026-12-31"}
)


@pytest.fixture
def nights(monkeypatch, tmp_path: Path) -> dict[str, object]:
    """What each stack is found to be; the comparisons themselves are tests/drift's and tests/engine's."""
    from linkproof.commands import drift as command
    from linkproof.commands import verify
    from linkproof.drift import gather

    found: dict[str, object] = {}

    class Project:
        def declaration_file(self, stack: str) -> Path:
            return tmp_path / f"{stack}.yaml"

        def shown(self, file: Path) -> str:
            return file.name

    class Engine:
        def __init__(self, stack: str) -> None:
            self.project, self.stack = Project(), stack

    class Declaration:
        places: ClassVar[dict[str, object]] = {}

    def compare(stack):
        night = found[stack.engine.stack]
        if isinstance(night, Exception):
            raise night
        return StackDrift(stack.engine.stack, tuple(night), links=("one",))

    monkeypatch.setattr(command, "stack_declaration", lambda name: (Engine(name), Declaration()))
    monkeypatch.setattr(verify, "verify_options", lambda *_: None)
    monkeypatch.setattr(gather, "compare", compare)
    return found


def run(*arguments: str):
    return CliRunner().invoke(app, ["drift", *arguments])


@pytest.mark.parametrize(
    ("items", "exit_code"),
    [
        ([], 0),
        ([ACCEPTED], 0),
        ([LAGGING], 4),
        ([UNKNOWN, LAGGING], 3),
        ([UNKNOWN, DRIFT], 1),
        ([MISSING, LAGGING], 1),
        (LinkproofError("no such stack", "name one"), 2),
        (ValueError("odd"), 70),
    ],
)
def test_the_exit_code_is_the_worst_kind(nights, items, exit_code) -> None:
    nights["dev"] = items
    done = run("dev", "--json")
    assert done.exit_code == exit_code
    document = json.loads(done.stdout)
    assert (document["exit"], document["quiet"]) == (exit_code, exit_code == 0)


def test_several_stacks_are_one_report_and_what_stops_one_stops_no_other(nights) -> None:
    nights.update(dev=LinkproofError("its declaration has errors", "correct them"), prod=[DRIFT])
    done = run("dev", "prod", "dev")
    assert done.exit_code == 2
    assert done.stdout.splitlines() == [
        "Drift of dev",
        "  not compared: see the error",
        "Drift of prod",
        "  drift  a/CNAME: ttl",
        "    state 300, cloud 900",
        "  code = state: the same",
        "  state = cloud: 1 drift",
        "  cloud = world: the same",
    ]
    assert done.stderr == "error: its declaration has errors\n  fix: correct them\n"


def test_a_quiet_night_has_an_empty_issue_and_another_the_same_one_each_time(nights, tmp_path: Path) -> None:
    nights["dev"], file = [ACCEPTED], tmp_path / "issue.md"
    assert run("dev", "--report", f"markdown={file}").exit_code == 0
    assert file.read_text() == ""
    seen = []
    for items in ([DRIFT, UNKNOWN], [MISSING]):
        nights["dev"] = items
        run("dev", "--report", f"markdown={file}", "--report", f"json={tmp_path / 'night.json'}")
        issue = json.loads((tmp_path / "night.json").read_text())["issue"]
        assert file.read_text().startswith(issue["marker"] + "\n")
        seen.append(issue)
    assert seen[0] == seen[1] == {
        "marker": "<!-- linkproof drift: dev -->", "title": "linkproof: dev is not as declared",
    }  # fmt: skip


def test_an_issue_is_never_longer_than_it_may_be_and_holds_no_markup_of_others(nights, tmp_path: Path) -> None:
    hostile = Item("drift", "cloud = world", "a", observed="<img src=x> | [x](http://evil.example) @all" * 5)
    nights["dev"], file = [hostile] * 2000, tmp_path / "issue.md"
    run("dev", "--report", f"markdown={file}")
    text = file.read_text()
    assert len(text) <= 60_000
    assert "more parts were cut" in text
    assert "<img" not in text
    assert "@all" not in text


def test_prometheus_counts_by_comparison_and_kind(nights, tmp_path: Path) -> None:
    nights["dev"], file = [DRIFT, UNKNOWN], tmp_path / "drift.prom"
    run("dev", "--report", f"prometheus={file}")
    lines = file.read_text().splitlines()
    for wanted in (
        'linkproof_drift{comparison="state = cloud",kind="drift",stack="dev"} 1.0',
        'linkproof_drift{comparison="cloud = world",kind="drift",stack="dev"} 0.0',
        'linkproof_drift_compared{comparison="state = cloud",stack="dev"} 0.0',
        'linkproof_drift_compared{comparison="code = state",stack="dev"} 1.0',
        'linkproof_drift_exit_code{stack="dev"} 1.0',
    ):
        assert wanted in lines


def test_a_report_that_cannot_be_written_is_said_before_anybody_is_asked(nights, tmp_path: Path) -> None:
    refused = run("dev", "--report", f"json={tmp_path / 'none' / 'x.json'}").exception
    assert isinstance(refused, UnwritableReportError)
    assert run("dev", "--report", f"sarif={tmp_path / 'x'}").exit_code == 2


def test_a_secret_in_what_stopped_a_stack_is_in_no_report(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own last lines may have one, and the report becomes an issue."""
    from linkproof.commands import drift

    def refuse(stack: str) -> object:
        raise LinkproofError(
            "GET https://api.example/x?token=abcdef123456 failed", "use Authorization: Bearer aB3dE5fG7hI9"
        )

    monkeypatch.setattr(drift, "stack_declaration", refuse)
    found = drift._of_stack("dev")
    assert "abcdef123456" not in found.refused
    assert "aB3dE5fG7hI9" not in found.fix
    assert "GET https://api.example/x?token=" in found.refused
