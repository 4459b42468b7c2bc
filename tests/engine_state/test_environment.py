"""Which of several Pulumi CLIs is used: `linkproof` and the script that finds or builds one never disagree."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from linkproof.engine.environment import cli_folder
from linkproof.project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAMS = ("pulumi", "pulumi-language-python", "pulumi-language-python-exec")


def install(folder: Path, version: str) -> Path:
    """A CLI that only knows its version."""
    folder.mkdir(parents=True)
    for name in PROGRAMS:
        (folder / name).write_text(f"#!/bin/sh\necho v{version}\n")
        (folder / name).chmod(0o755)
    return folder


def pinned() -> str:
    modules = (REPOSITORY / "tools" / "pulumi" / "cli" / "go.mod").read_text()
    return modules.partition("require github.com/pulumi/pulumi/pkg/v3 v")[2].split()[0]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout on a machine with neither Go nor a CLI."""
    shutil.copytree(REPOSITORY / "tools" / "pulumi", tmp_path / "tools" / "pulumi")
    folders = os.environ["PATH"].split(os.pathsep)
    kept = [folder for folder in folders if not any((Path(folder) / name).exists() for name in ("pulumi", "go"))]
    monkeypatch.setenv("PATH", os.pathsep.join(kept))
    return tmp_path


def build(root: Path) -> Path:
    """What the script prints."""
    done = subprocess.run(
        ["bash", "tools/pulumi/build.sh"], cwd=root, capture_output=True, text=True, check=True, timeout=60
    )
    return Path(done.stdout.strip())


def test_a_checkout_uses_its_own_version_whatever_other_checkouts_built(root: Path) -> None:
    builds = root / ".cache" / "pulumi"
    for version in (pinned(), "3.9.0", "3.1000.0"):
        install(builds / version, version)
    assert build(root) == builds / pinned()
    assert cli_folder(Project(root)) == builds / pinned()


def test_the_one_on_path_is_used_where_only_another_version_was_built(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(root / ".cache" / "pulumi" / "3.259.0", "3.259.0")
    mine = install(tmp_path / "bin", "3.300.0")
    monkeypatch.setenv("PATH", f"{mine}{os.pathsep}{os.environ['PATH']}")
    assert build(root) == mine
    assert cli_folder(Project(root)) == mine


def test_without_the_script_s_choice_the_newest_whole_build_is_used(root: Path) -> None:
    builds = root / ".cache" / "pulumi"
    for name in ("3.259.0", "3.1000.0", "building.x7Gh2k"):  # the last one: a build that was killed
        install(builds / name, "?")
    assert cli_folder(Project(root)) == builds / "3.1000.0"
    (builds / "current").symlink_to(root / "gone")
    assert cli_folder(Project(root)) == builds / "3.1000.0"
