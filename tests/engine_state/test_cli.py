"""What is handed to the engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from linkproof.engine.cli import Engine, EngineError
from linkproof.project import Project


def test_a_state_is_imported_from_a_file_that_nobody_else_reads_and_that_is_gone_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    seen: list[Any] = []

    def must(self: Engine, *arguments: str) -> str:
        file = Path(arguments[-1])
        seen.extend([arguments[:4], file.stat().st_mode & 0o777, json.loads(file.read_text()), file])
        return ""

    monkeypatch.setattr(Engine, "must", must)
    Engine(Project(tmp_path), "dev", lab=True).import_state({"deployment": {"secret": 1}})
    assert seen[:3] == [("stack", "import", "--stack", "dev"), 0o600, {"deployment": {"secret": 1}}]
    assert not seen[3].exists()


@pytest.mark.parametrize(("code", "there"), [(0, True), (6, False)])
def test_a_stack_is_looked_for_only_where_there_is_nothing_to_export(
    code: int, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every start of the CLI costs a deployment half a second."""
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    asked: list[str] = []

    def run(self: Engine, *arguments: str) -> subprocess.CompletedProcess[str]:
        asked.append(arguments[1])
        said = "[]" if arguments[1] == "ls" else '{"version": 3}'
        return subprocess.CompletedProcess(arguments, 0 if arguments[1] == "ls" else code, said, "")

    monkeypatch.setattr(Engine, "run", run)
    found = Engine(Project(tmp_path), "dev", lab=True).export_if_any()
    assert (found, asked) == (({"version": 3}, ["export"]) if there else (None, ["export", "ls"]))


def test_a_state_that_cannot_be_exported_is_no_missing_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")

    def run(self: Engine, *arguments: str) -> subprocess.CompletedProcess[str]:
        is_list = arguments[1] == "ls"
        return subprocess.CompletedProcess(arguments, 0 if is_list else 255, '[{"name": "dev"}]', "wrong passphrase")

    monkeypatch.setattr(Engine, "run", run)
    monkeypatch.setattr(Engine, "environment", lambda self: {"PULUMI_BACKEND_URL": f"file://{tmp_path}"})
    with pytest.raises(EngineError, match="wrong passphrase"):
        Engine(Project(tmp_path), "dev", lab=True).export_if_any()


@pytest.mark.parametrize(
    ("arguments", "skips"),
    [
        (("preview", "--stack", "dev"), True),
        (("refresh", "--preview-only"), True),
        (("refresh", "--yes"), False),
        (("up", "--yes"), False),
        (("destroy",), False),
    ],
)
def test_only_what_changes_nothing_keeps_no_state_between_its_steps(
    arguments: tuple[str, ...], skips: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With them off, a killed deployment would leave the state of its beginning."""
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    given: list[dict[str, str]] = []

    def run(command: list[str], *, env: dict[str, str], **_: Any) -> subprocess.CompletedProcess[str]:
        given.append(env)
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(Engine, "environment", lambda self: {})
    monkeypatch.setattr(subprocess, "run", run)
    Engine(Project(tmp_path), "dev", lab=True).run(*arguments)
    assert ("PULUMI_SKIP_CHECKPOINTS" in given[0]) == skips
