"""The steps of a pipeline as they are written, and how a test runs one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
WORKFLOWS = REPOSITORY / ".github" / "workflows"


@dataclass(frozen=True)
class Step:
    """One step, with the job that it is in."""

    workflow: str
    job: str
    name: str
    document: dict[str, Any]
    permissions: dict[str, str]

    @property
    def run(self) -> str:
        return str(self.document.get("run", ""))

    @property
    def uses(self) -> str:
        return str(self.document.get("uses", ""))


def load(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(file.read_text())
    # YAML 1.1 reads `on` as true
    document["on"] = document.pop(True)
    return document


def steps(folder: Path = WORKFLOWS) -> Iterator[Step]:
    for file in sorted(folder.glob("*.yml")):
        for job, told in load(file)["jobs"].items():
            for step in told["steps"]:
                yield Step(file.stem, job, step.get("name", ""), step, told.get("permissions", {}))


def step(workflow: str, name: str) -> Step:
    (found,) = [one for one in steps() if (one.workflow, one.name) == (workflow, name)]
    return found


def commands(script: str) -> Iterator[list[str]]:
    """The words behind each `linkproof` of a script, up to what ends the command; variables stay words."""
    for found in re.finditer(r"\.venv/bin/linkproof\s+([^\n;&|>]*)", script):
        words = shlex.split(re.sub(r"\s2$", "", found[1]))
        yield words


def bash(script: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """As a runner starts it: `bash -e` on a file."""
    file = folder / ".step.sh"
    file.write_text(script)
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY / "infra"), **variables}
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", file], cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )  # fmt: skip
