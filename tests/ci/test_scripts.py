"""The scripts of the workflows, run as a runner runs them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ci import gh
from tests.ci.steps import REPOSITORY, bash, step
from tests.commands.cli import linkproof
from tests.pull_request.repository import GIT, one, write

MARKER = "<!-- linkproof:preview -->"
RUN = {
    "GH_TOKEN": "t", "GH_REPO": "acme/shop", "RUN_ID": "7", "HEAD_SHA": "abc", "HEAD": "someone:topic", "MARKER": MARKER,
    "CODE": "0", "TITLE": "linkproof: drift in prod", "RUN_URL": "https://example.com/7",
}  # fmt: skip
PULLS = [
    {"number": 4, "head": {"label": "someone:topic", "sha": "old"}},
    {"number": 5, "head": {"label": "someone:topic", "sha": "abc"}},
    {"number": 6, "head": {"label": "other:topic", "sha": "abc"}},
]
PREVIEW = f"{MARKER}\n### linkproof: 1 link changes\n\n@everyone | a `b`\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """What `new` writes, filled in and committed; then a change."""
    assert linkproof("new", "shop", cwd=tmp_path).returncode == 0
    folder = tmp_path / "shop"
    (folder / ".venv").symlink_to(REPOSITORY / ".venv")
    write(folder, {"stacks/prod.yaml": one("branded")})
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "one"]):
        subprocess.run([*GIT, *command], cwd=folder, check=True, capture_output=True)
    write(folder, {"stacks/prod.yaml": one("ready")})
    subprocess.run([*GIT, "commit", "-qam", "two"], cwd=folder, check=True, capture_output=True)
    return folder


def test_check_writes_its_report(project: Path) -> None:
    done = bash(step("check", "Check").run, project)
    assert (done.returncode, (project / "check.sarif").exists()) == (0, True), done.stderr
    write(project, {"stacks/prod.yaml": one("redy")})
    assert bash(step("check", "Check").run, project).returncode == 2


def test_a_fork_gets_its_preview_without_a_token(project: Path) -> None:
    script = step("preview", "Compare").run
    done = bash(script, project, GITHUB_TOKEN="")
    assert done.returncode == 0, done.stderr
    text = (project / "preview.md").read_text()
    assert text.startswith(f"{MARKER}\n### linkproof: 1 link changes, risk low")
    assert "branded → ready" in text
    assert "The program runs for prod, without an engine" in text
    done = bash(step("preview", "Show it here too").run, project, GITHUB_STEP_SUMMARY=str(project / "summary.md"))
    assert (done.returncode, (project / "summary.md").read_text()) == (0, text)


def test_what_was_not_pushed_to_a_backend_is_told_in_the_preview_with_credentials(project: Path) -> None:
    done = bash(
        step("preview", "Compare, and ask the engine").run, project, PULUMI_BACKEND_URL=f"file://{project}/none"
    )
    assert done.returncode == 1
    assert "fails** for prod" in (project / "preview.md").read_text()


def test_one_comment_is_posted_and_then_updated(tmp_path: Path) -> None:
    others = [{"id": 1, "user": {"login": "someone"}, "body": f"{MARKER}\nnot ours"}]
    gh.install(tmp_path, artifacts={"preview": PREVIEW}, pulls=PULLS, comments=others)
    script = step("preview-comment", "Post or update the comment").run
    done = bash(script, tmp_path, **RUN)
    assert done.returncode == 0, done.stderr
    first = gh.read(tmp_path)["comments"]
    assert [comment["id"] for comment in first] == [1, 101]
    body = first[1]["body"]
    assert body.startswith(
        f"{MARKER}\n_Of commit abc, written by a job that ran its code and had no token._\n\n### linkproof: 1 link"
    )
    assert (body.count(MARKER), "@everyone" in body, "@\u200beveryone | a `b`" in body) == (1, False, True)
    state = gh.read(tmp_path)
    gh.install(
        tmp_path,
        **{**state, "artifacts": {"preview": PREVIEW, "preview-deployed": PREVIEW.replace("1 link", "2 links")}},
    )
    assert bash(script, tmp_path, **RUN).returncode == 0
    second = gh.read(tmp_path)["comments"]
    assert [comment["id"] for comment in second] == [1, 101]
    assert "### linkproof: 2 links" in second[1]["body"]
    assert second[0]["body"].endswith("not ours")


def test_nothing_is_posted_where_it_is_no_longer_wanted_or_too_long(tmp_path: Path) -> None:
    script = step("preview-comment", "Post or update the comment").run
    gh.install(tmp_path, artifacts={"preview": PREVIEW}, pulls=PULLS[:1])
    assert bash(script, tmp_path, **RUN).returncode == 0
    assert gh.read(tmp_path)["comments"] == []
    gh.install(tmp_path, artifacts={"preview": "x" * 62_001}, pulls=PULLS)
    done = bash(script, tmp_path, **RUN)
    assert (done.returncode, "longer than a comment" in done.stdout) == (1, True)
    assert gh.read(tmp_path)["comments"] == []


def test_a_nights_issue_is_opened_updated_and_closed(tmp_path: Path) -> None:
    script = step("drift", "Open, update or close the issue").run
    gh.install(tmp_path)
    seen = []
    for code, text in (
        ("0", "same"),
        ("4", "old"),
        ("1", "changed ````"),
        ("2", "unreachable"),
        ("0", "same"),
        ("1", "again"),
    ):
        (tmp_path / "drift.txt").write_text(text)
        # the report: empty where nothing is to be told, and where nothing could be compared
        (tmp_path / "issue.md").write_text(f"<!-- linkproof drift: prod -->\n{text}\n" if code == "1" else "")
        done = bash(script, tmp_path, **{**RUN, "CODE": code})
        assert done.returncode == 0, done.stderr
        seen.append([(issue["state"], issue["number"]) for issue in gh.read(tmp_path)["issues"]])
    assert seen == [[], [], [("open", 1)], [("open", 1)], [("closed", 1)], [("closed", 1), ("open", 2)]]
    first, second = gh.read(tmp_path)["issues"]
    assert second["body"] == f"<!-- linkproof drift: prod -->\nagain\n\n{RUN['RUN_URL']}\n"
    assert (first["title"], "unreachable" in first["body"], "again" in second["body"]) == (RUN["TITLE"], True, True)


def stub(folder: Path, script: str) -> None:
    """In the place of `.venv/bin/linkproof`, where what it does outside is not the question."""
    program = folder / ".venv/bin/linkproof"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.mark.parametrize("code", [0, 1, 3, 70])
def test_drift_that_finds_something_is_told_and_ends_no_job(tmp_path: Path, code: int) -> None:
    stub(tmp_path, f'echo "compared $2 $4"; exit {code}')
    out = tmp_path / "output"
    done = bash(step("drift", "Compare").run, tmp_path, STACK_NAME="prod", GITHUB_OUTPUT=str(out))
    assert (done.returncode, out.read_text(), (tmp_path / "drift.txt").read_text()) == (
        0,
        f"code={code}\n",
        "compared prod markdown=issue.md\n",
    )


def test_a_failed_deployment_says_how_to_go_back(tmp_path: Path) -> None:
    stub(tmp_path, 'echo "$@"; exit 2')
    summary = tmp_path / "summary.md"
    done = bash(step("deploy", "Deploy and prove").run, tmp_path, STACK_NAME="prod")
    assert (done.returncode, done.stdout.startswith("deploy prod --yes --wait 10m")) == (2, True)
    assert bash(step("deploy", "Report").run, tmp_path, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    done = bash(step("deploy", "How to go back").run, tmp_path, STACK_NAME="prod", GITHUB_STEP_SUMMARY=str(summary))
    assert (done.returncode, done.stdout) == (0, "show prod\n")
    assert "To go back, `linkproof retreat LINK -s prod` for each link that moved" in summary.read_text()
    write(tmp_path, {"report.md": "proven"})
    assert bash(step("deploy", "Report").run, tmp_path, GITHUB_STEP_SUMMARY=str(summary)).returncode == 0
    assert summary.read_text().endswith("proven")


def test_the_installations_own_commands_are_there(project: Path) -> None:
    assert (REPOSITORY / step("check", "Install").run).stat().st_mode & 0o111
    wanted = (project / ".github/workflows/check.yml").read_text()
    assert "run: python3 -m venv .venv && .venv/bin/pip install -r infra/requirements.txt" in wanted
    assert (project / "infra/requirements.txt").exists()
    assert shutil.which("python3")
