"""The scripts behind `make`: a stack that is not of the lab is never made, previewed away or said yes to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from linkproof.engine.environment import cli_folder
from linkproof.project import Project

from tests.engine.sandbox import REPOSITORY

DECLARATION = """version: 1
zones:
  example.org: {dns: manual}
links:
  one: {sender: sendgrid, click_host: url1.example.org, owner_host: 1.example.org, phase: branded}
"""


def test_no_path_of_ours_goes_without_a_preview() -> None:
    """Seen: with --skip-preview the engine carries out every independent step before it meets what is protected."""
    folders = (REPOSITORY / "tools", REPOSITORY / "infra")
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in {".py", ".sh"}]
    assert len(files) > 100
    # an import into a copy of the state reads, and carries out nothing
    importing = REPOSITORY / "infra" / "linkproof" / "engine" / "adopt" / "take.py"
    assert [str(file) for file in files if "--skip-preview" in file.read_text()] == [str(importing)]
    assert importing.read_text().count("engine.must(") == 1
    assert '"import", "--stack"' in importing.read_text()


@pytest.fixture
def prod(engine_present: None, tmp_path: Path) -> Path:
    for name in ("infra", ".venv", ".cache"):
        if (REPOSITORY / name).exists():
            (tmp_path / name).symlink_to(REPOSITORY / name)
    shutil.copytree(REPOSITORY / "tools", tmp_path / "tools")
    shutil.copy(REPOSITORY / "Pulumi.yaml", tmp_path)
    declaration = tmp_path / "stacks" / "prod.yaml"
    (tmp_path / "Pulumi.prod.yaml").write_text(f"config:\n  linkproof:declaration: {declaration}\n")
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "prod.yaml").write_text(DECLARATION)
    (tmp_path / "backend").mkdir()
    return tmp_path


def run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {
        "PULUMI_BACKEND_URL": f"file://{root / 'backend'}",
        "PULUMI_HOME": str(root / "home"),
        "PULUMI_CONFIG_PASSPHRASE": "",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PATH": f"{cli_folder(Project(REPOSITORY))}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=300, stdin=subprocess.DEVNULL
    )  # fmt: skip


def test_up_neither_makes_a_stack_nor_says_yes_outside_the_lab(prod: Path) -> None:
    done = run(prod, "bash", "tools/up.sh", "prod")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "has no stack prod" in done.stderr
    assert json.loads(run(prod, "pulumi", "stack", "ls", "--json").stdout) == []

    assert run(prod, "pulumi", "stack", "init", "prod").returncode == 0
    done = run(prod, "bash", "tools/up.sh", "prod")
    assert done.returncode != 0
    assert "--yes" in done.stderr, "the engine asks, and there is nobody who could answer"
    exported = json.loads(run(prod, "pulumi", "stack", "export", "--stack", "prod").stdout)
    assert not exported["deployment"].get("resources")


def test_down_leaves_a_stack_outside_the_lab_alone(prod: Path) -> None:
    done = run(prod, "bash", "tools/down.sh", "prod")
    assert (done.returncode, "is not a lab stack" in done.stderr) == (2, True)
