"""Several stacks at once: in their order, never two that share something, and all of them ended as one ^C ends one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from linkproof.commands.drift_at_once import of_stacks
from linkproof.commands.side_by_side import Job, run_all
from linkproof.declaration.load import load
from linkproof.drift.model import StackDrift

from tests.commands.cli import good, linkproof, refused

# Notes when it runs, and that it was asked to end.
_WORK = """
import pathlib, signal, sys, time
me, home, wait = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
def asked(*_):
    print(me, "stands", flush=True)
    sys.exit(2)
signal.signal(signal.SIGINT, asked)
(home / f"{me}.runs").touch()
others = sorted(one.stem for one in home.glob("*.runs") if one.stem != me)
(home / f"{me}.saw").write_text(" ".join(others))
until = time.monotonic() + 60
while wait and not (home / wait).exists() and time.monotonic() < until:
    time.sleep(0.02)
(home / f"{me}.runs").unlink()
sys.exit(int(me[-1]))
"""


def _job(home: Path, name: str, *holds: str, until: str = "") -> Job:
    command = (sys.executable, "-c", _WORK, name, str(home), until)
    return Job(name, frozenset((hold,) for hold in holds), command, home / f"{name}.out", home / f"{name}.log")


def _saw(home: Path, name: str) -> str:
    return (home / f"{name}.saw").read_text()


def _run(jobs: Sequence[Job], at_once: int) -> dict[str, int | None]:
    return {one.stack: one.code for one in run_all(jobs, at_once, lambda line: None)}


def test_what_shares_something_runs_one_after_the_other_and_a_failure_stops_nobody(tmp_path: Path) -> None:
    jobs = [
        _job(tmp_path, "a2", "zone", until="c0.saw"),  # ends once c, which shares nothing, is there
        _job(tmp_path, "b1", "zone", "account"),
        _job(tmp_path, "c0", until="d4.saw"),
        _job(tmp_path, "d4", "account"),
    ]
    assert _run(jobs, 4) == {"a2": 2, "b1": 1, "c0": 0, "d4": 4}
    assert "a2" not in _saw(tmp_path, "b1")
    assert "b1" not in _saw(tmp_path, "d4"), "d waits for b, though a held nothing of its own"


def test_no_more_than_may_run_at_once(tmp_path: Path) -> None:
    names = [f"{letter}0" for letter in "abcde"]
    assert set(_run([_job(tmp_path, name) for name in names], 1)) == set(names)
    assert [_saw(tmp_path, name) for name in names] == [""] * 5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_interrupt_ends_all_once_and_starts_no_more(tmp_path: Path, number: signal.Signals) -> None:
    child = os.fork()
    if child == 0:
        jobs = [
            _job(tmp_path, "a0", "x", until="never"),
            _job(tmp_path, "b0", until="never"),
            _job(tmp_path, "c0", "x"),
        ]
        found = [(one.stack, one.code, one.was_asked_to_end) for one in run_all(jobs, 4, lambda line: None)]
        (tmp_path / "found.json").write_text(json.dumps(found))
        os._exit(0)
    until = time.monotonic() + 60
    while not (tmp_path / "b0.saw").exists() or not (tmp_path / "a0.saw").exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    os.kill(child, number)
    assert os.waitpid(child, 0)[1] == 0
    found = {stack: (code, asked) for stack, code, asked in json.loads((tmp_path / "found.json").read_text())}
    assert found == {"a0": (2, True), "b0": (2, True), "c0": (None, False)}
    assert [(tmp_path / f"{name}.out").read_text() for name in ("a0", "b0")] == ["a0 stands\n", "b0 stands\n"]
    assert not (tmp_path / "c0.saw").exists()


# the command ----------------------------------------------------------------------------------
@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two stacks that end early, each in its way, and without an engine."""
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "home"))
    (tmp_path / "Pulumi.yaml").write_text("name: tracking\nruntime: python\n")
    (tmp_path / "stacks").mkdir()
    for name in ("wrong", "unset"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text("config: {}\n")
        (tmp_path / "stacks" / f"{name}.yaml").write_text(good().replace("example.net", f"{name}.example"))
    file = tmp_path / "stacks" / "wrong.yaml"
    file.write_text(file.read_text().replace("phase: branded", "phase: brandet"))
    return tmp_path


def test_a_table_has_every_stack_and_the_worst_code_counts(here: Path) -> None:
    done = linkproof("deploy", "--all", "--yes", cwd=here)
    assert done.returncode == 2
    rows = {line.split()[0]: line for line in done.stdout.splitlines()[-2:]}
    assert list(rows) == ["unset", "wrong"]
    assert "no Pulumi" in rows["unset"], "neither a CLI nor a backend"
    assert "stacks/wrong.yaml:7:" in rows["wrong"]
    assert "refused or failed" in rows["wrong"]
    assert "brandet" in (here / ".linkproof" / "wrong" / "deploy.log").read_text()
    assert "brandet" not in (here / ".linkproof" / "unset" / "deploy.log").read_text(), "each has a log of its own"


def test_the_document_of_several_has_each_ones_own(here: Path) -> None:
    done = linkproof("deploy", "unset", "wrong", "--yes", "--json", cwd=here)
    said = json.loads(done.stdout)
    assert (done.returncode, said["exit"]) == (2, 2)
    assert [one["stack"] for one in said["stacks"]] == ["unset", "wrong"]
    assert all(one["deployment"]["error"]["fix"] for one in said["stacks"])


def test_drift_of_all_at_once_says_of_each_what_stops_it(here: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "linkproof.commands.main", "drift", "--all", "--json"],
        cwd=here, env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "infra")}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert done.returncode == 2
    assert {one["stack"]: one["exit"] for one in said["stacks"]} == {"unset": 2, "wrong": 2}


def test_whose_question_nobody_answers_and_what_is_not_said_is_refused(here: Path) -> None:
    assert "say --yes" in refused("deploy", "--all", cwd=here)
    assert "name them, or say --all" in refused("deploy", cwd=here)
    assert "one of the two is meant" in refused("drift", "unset", "--all", cwd=here)
    assert "--report is of one stack" in refused("deploy", "--all", "--yes", "--report", "html=x.html", cwd=here)


def _alone(stack: str) -> StackDrift:
    """Says whom it meets."""
    mark = Path("running")
    try:
        mark.mkdir()
    except FileExistsError:
        return StackDrift(stack, refused="another one runs")
    time.sleep(0.5)
    mark.rmdir()
    return StackDrift(stack)


def test_comparisons_that_share_a_zone_are_made_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: tracking\nruntime: python\n")
    (tmp_path / "stacks").mkdir()
    for name in ("one", "two"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text("config: {}\n")
        (tmp_path / "stacks" / f"{name}.yaml").write_text(good())
    monkeypatch.chdir(tmp_path)
    assert of_stacks(["one", "two"], 2, _alone) == [StackDrift("one"), StackDrift("two")]


def test_a_link_or_a_stack_that_is_not_there_is_said_with_what_is(
    tmp_path: Path,
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: tracking\nruntime: python\n")
    (tmp_path / "stacks").mkdir()
    for name in ("one", "two", "three"):
        (tmp_path / f"Pulumi.{name}.yaml").write_text("config: {}\n")
        (tmp_path / "stacks" / f"{name}.yaml").write_text(good())
    key = load(tmp_path / "stacks" / "one.yaml").declaration.links.copy().popitem()[0]  # type: ignore[union-attr]
    assert "there is no stack 'nope' here (stacks: one, three, two)" in refused(
        "move", key, "--to", "nope", cwd=tmp_path
    )
    assert f"did you mean '{key}'?" in refused("move", f"{key}x", "--to", "one", cwd=tmp_path)
    assert "three and two have" in refused("move", key, "--to", "one", cwd=tmp_path)
    assert "which stacks are meant is not said" in refused("deploy", cwd=tmp_path)
    assert "--all, and one: one of the two is meant" in refused("deploy", "one", "--all", cwd=tmp_path)
