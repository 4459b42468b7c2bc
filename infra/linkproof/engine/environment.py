"""What `pulumi` needs in the environment for one stack."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from linkproof.errors import LinkproofError
from linkproof.project import LAB_STACK_PASSPHRASE, Project

OLDEST_CLI = (3, 243)
GET_CLI = f"put one of version {'.'.join(map(str, OLDEST_CLI))} or newer on PATH (https://www.pulumi.com/docs/iac/download-install/); in a checkout of linkproof `make setup` does"


class NoCliError(LinkproofError):
    """There is no engine to run."""

    def __init__(self) -> None:
        super().__init__("no Pulumi CLI", GET_CLI)


# What a lab stack sets. It must not stay set for another stack in the same shell.
LAB_VARIABLES = (
    "LINKPROOF_LAB",
    "PULUMI_HOME",
    "PULUMI_BACKEND_URL",
    "PULUMI_CONFIG_PASSPHRASE",
    "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION",
)


def cli_folder(project: Project) -> Path:
    """The folder of the Pulumi CLI that this project uses: what `make setup` chose, else its newest build, else the one on PATH.

    Raises:
        NoCliError: there is none.
    """
    builds = project.root / ".cache" / "pulumi"
    if (builds / "current" / "pulumi").exists():
        return (builds / "current").resolve()
    built = [file.parent for file in builds.glob("*/pulumi") if _numbers(file.parent.name)]
    if built:
        return max(built, key=lambda folder: _numbers(folder.name))
    on_path = shutil.which("pulumi")
    if on_path is None:
        raise NoCliError
    return Path(on_path).parent


def stack_environment(
    project: Project, stack: str, *, lab: bool, base: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The variables to set for `pulumi` on this stack; the values are safe to print.

    Args:
        lab: the stack lives in the lab: its backend, home and passphrase are the lab's own.
        base: the environment to extend; the process's by default. Only its PATH is read.
    """
    path = (base or os.environ).get("PATH", "")
    front = [str(Path(sys.executable).parent), str(cli_folder(project))]
    rest = [folder for folder in path.split(os.pathsep) if folder not in front]
    variables = {
        "PATH": os.pathsep.join(front + rest),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "LINKPROOF_DECLARATION": project.shown(project.declaration_file(stack)),
    }
    if lab:
        backend = project.work_dir(stack) / "backend"
        variables |= {
            "LINKPROOF_LAB": str(project.lab_dir),
            "PULUMI_HOME": str(project.lab_dir / "pulumi-home"),
            "PULUMI_BACKEND_URL": f"file://{backend}",
            "PULUMI_CONFIG_PASSPHRASE": LAB_STACK_PASSPHRASE,
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }
    return variables


def without_lab(environment: Mapping[str, str]) -> dict[str, str]:
    """The same without what a lab stack has set; a user's own backend and home stay."""
    if "LINKPROOF_LAB" not in environment:
        return dict(environment)
    return {name: value for name, value in environment.items() if name not in LAB_VARIABLES}


def cli_version(environment: Mapping[str, str]) -> tuple[int, ...]:
    """The CLI's version as numbers; empty when it does not say."""
    said = subprocess.run(
        ["pulumi", "version"], env=dict(environment), capture_output=True, text=True, check=False, timeout=60
    )
    return _numbers(said.stdout.strip().removeprefix("v"))


def _numbers(version: str) -> tuple[int, ...]:
    """Of `3.276.0-alpha`: (3, 276, 0); empty for what is no version."""
    return tuple(int(part) for part in version.split("-", maxsplit=1)[0].split(".") if part.isdigit())
