"""The pipelines: what reads them finds nothing, their actions are pinned, and no code of a pull request meets a token that writes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from linkproof.ci.files import ACTIONS, pipelines
from linkproof.commands.main import app

from tests.ci.steps import REPOSITORY, WORKFLOWS, Step, commands, load, steps
from tests.commands.cli import linkproof

COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]
USAGE_ERROR = typer.BadParameter.__mro__[1]
SETUP = "tools/setup.sh"
ALL = [pytest.param(step, id=f"{step.workflow}-{step.job}-{number}") for number, step in enumerate(steps())]


@pytest.fixture(scope="module")
def actionlint() -> str:
    built = subprocess.run([REPOSITORY / "tools/actionlint/build.sh"], capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return built.stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ci") / "shop"
    assert linkproof("new", str(folder), "--stack", "shop").returncode == 0
    return folder


def found(program: list[str | Path], folder: Path) -> tuple[int, str]:
    done = subprocess.run([*program, *sorted(folder.glob("*.yml"))], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def zizmor() -> list[str | Path]:
    return [
        Path(sys.executable).with_name("zizmor"),
        "--offline",
        "--no-progress",
        "--persona=regular",
        "--format=plain",
    ]


def test_actionlint_and_zizmor_find_nothing(actionlint: str, project: Path) -> None:
    for folder in (WORKFLOWS, project / ".github" / "workflows"):
        assert found([actionlint, "-no-color", "-shellcheck=", "-pyflakes="], folder) == (0, "")
        code, said = found(zizmor(), folder)
        assert (code, "No findings to report" in said) == (0, True), said


def test_they_find_what_is_wrong(actionlint: str, tmp_path: Path) -> None:
    """The proof of the two: a typing error, and a title of a pull request in a script."""
    text = (WORKFLOWS / "check.yml").read_text()
    (tmp_path / "check.yml").write_text(text.replace("timeout-minutes", "timeout-minute"))
    assert "timeout-minute" in found([actionlint, "-no-color", "-shellcheck=", "-pyflakes="], tmp_path)[1]
    run = "run: echo ${{ github.event.pull_request.title }}"
    (tmp_path / "check.yml").write_text(text.replace("run: tools/setup.sh", run))
    code, said = found(zizmor(), tmp_path)
    assert (code != 0, "template-injection" in said) == (True, True), said


def test_this_repositorys_are_those_that_new_writes_but_for_the_installation() -> None:
    wanted = pipelines("github", "prod", SETUP)
    assert {path.name for path in WORKFLOWS.iterdir()} == {path.name for path in wanted}
    for path, text in wanted.items():
        assert (REPOSITORY / path).read_text() == text, (
            f"{path}: run `python -m linkproof.ci.files github prod {SETUP}`"
        )


@pytest.mark.parametrize("step", ALL)
def test_each_action_is_pinned_and_each_command_is_understood(step: Step) -> None:
    if step.uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step.uses)
        assert any(pin.startswith(f"{step.uses} # v") for pin in ACTIONS.values())
    if "actions/checkout@" in step.uses:
        assert step.document["with"]["persist-credentials"] is False
    assert "${{" not in step.run, "a value in a script is code: hand it over as a variable"
    for words in commands(step.run):
        understood(words)


def understood(words: list[str]) -> None:
    """By the real parser, without running it."""
    COMMANDS[words[0]].make_context(words[0], words[1:])


def test_a_command_that_is_not_there_is_seen() -> None:
    for words in (["check", "prod", "--repord", "sarif=x"], ["guard"]):
        with pytest.raises(USAGE_ERROR):
            understood(words)
    with pytest.raises(KeyError):
        understood(["chekc", "prod"])


@pytest.mark.parametrize("file", sorted(WORKFLOWS.glob("*.yml")), ids=lambda file: file.stem)
def test_least_permissions_and_a_time_limit(file: Path) -> None:
    document = load(file)
    assert document["permissions"] == {}
    for job in document["jobs"].values():
        assert job["timeout-minutes"] <= 120
        assert set(job["permissions"]) <= {
            "contents",
            "actions",
            "id-token",
            "issues",
            "pull-requests",
            "security-events",
        }
        assert job["permissions"].get("contents", "read") == "read"


def test_no_code_of_a_fork_meets_a_token_that_writes() -> None:
    """What runs a pull request's code has no writing token and no secret; what has the token checks nothing out."""
    declared = load(WORKFLOWS / "preview.yml")["jobs"]["declared"]
    assert declared["permissions"] == {"contents": "read"}
    assert "secrets." not in yaml.safe_dump(declared)
    assert "vars." not in yaml.safe_dump(declared)
    deployed = load(WORKFLOWS / "preview.yml")["jobs"]["deployed"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in deployed["if"]
    comment = load(WORKFLOWS / "preview-comment.yml")
    assert list(comment["on"]) == ["workflow_run"]
    assert comment["jobs"]["comment"]["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert all(
        not step.uses and "linkproof " not in step.run and "found/preview.md" in step.run
        for step in steps()
        if step.workflow == "preview-comment"
    )
    for file in WORKFLOWS.glob("*.yml"):
        assert "pull_request_target" not in load(file)["on"]
        assert "secrets." not in file.read_text(), "OIDC alone"


def test_gitlab_does_the_same(tmp_path: Path) -> None:
    assert linkproof("new", "shop", "--ci", "gitlab", "--stack", "shop", cwd=tmp_path).returncode == 0
    document = yaml.safe_load((tmp_path / "shop/.gitlab/linkproof.yml").read_text())
    jobs = {name: job for name, job in document.items() if not name.startswith(".")}
    assert set(jobs) == {
        "linkproof-check",
        "linkproof-preview",
        "linkproof-note",
        "linkproof-deploy",
        "linkproof-drift",
    }
    for job in document.values():
        lines = [line for key in ("before_script", "script", "after_script") for line in job.get(key, ())]
        assert all(isinstance(line, str) for line in lines)
        for line in lines:
            assert subprocess.run(["bash", "-n"], input=line, text=True, check=False).returncode == 0
            for words in commands(line):
                understood(words)
    assert jobs["linkproof-deploy"]["rules"][0]["when"] == "manual"
    assert all(
        jobs[f"linkproof-{name}"]["parallel"]["matrix"] == [{"STACK_NAME": ["shop"]}] for name in ("deploy", "drift")
    )
    for name in ("check", "preview"):
        assert jobs[f"linkproof-{name}"]["extends"] == ".linkproof", "no credential"
