"""The package as its users have it: a wheel, built from this checkout, in an environment outside it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

from tools.locks import brought, installed_here, normalized, wanted_by

REPOSITORY = Path(__file__).resolve().parents[2]
_SOURCES = ("infra", "pyproject.toml", "README.md", "LICENSE")


def build(folder: Path) -> Path:
    """The wheel of what lies here; nothing is written into the checkout."""
    source = folder / "source"
    source.mkdir(parents=True)
    for name in _SOURCES:
        here = REPOSITORY / name
        if here.is_dir():
            shutil.copytree(here, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(here, source / name)
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
        "--disable-pip-version-check", "--wheel-dir", str(folder), str(source))  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, environment: Path, *extras: str, with_pip: bool = False) -> Path:
    """An environment with the wheel and what it needs with these extras, taken from this one by hard links; its `bin`."""
    run(sys.executable, "-m", "venv", "--without-pip", str(environment))
    (packages,) = environment.glob("lib/python*/site-packages")
    for name in needed(extras) | ({"pip"} if with_pip else set()):  # the engine asks pip for what a program needs
        _link(distribution(name), packages)
    run(sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python"), "install", "--quiet", "--no-deps",
        "--no-index", "--no-compile", "--disable-pip-version-check", str(wheel))  # fmt: skip
    return environment / "bin"


def needed(extras: tuple[str, ...]) -> set[str]:
    """What `pip install linkproof[extras]` brings here, by normalized name, without linkproof itself."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    asked = brought(wanted_by(project, extras), installed_here, [{}])
    return {normalized(requirement.name) for _, requirement in asked}


def _link(installed: Distribution, packages: Path) -> None:
    """Its modules; scripts, which name their interpreter, stay behind."""
    for file in installed.files or ():
        if ".." in file.parts:
            continue
        target = packages / file
        target.parent.mkdir(parents=True, exist_ok=True)
        source = Path(str(file.locate()))
        if not source.exists():
            continue
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copy(source, target)


def clean_environment(bin_folder: Path) -> dict[str, str]:
    """A user's: this environment first on PATH, and nothing that leads into the checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LINKPROOF", "PULUMI"))}
    kept.pop("VIRTUAL_ENV", None)
    return {**kept, "PATH": f"{bin_folder}:/usr/bin:/bin", "COLUMNS": "200", "NO_COLOR": "1"}


def run(*command: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
    return done
