"""A copy of a stack on a backend of its own, on which everything is tried before the stack itself is touched."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkproof.engine.cli import Engine
from linkproof.errors import LinkproofError
from linkproof.kept import VARIABLE, Kept, write_kept
from linkproof.project import Project

# Only that vendor's own backend can open what it has encrypted.
_OF_THE_BACKEND = "service"
_PREFIX = "adopt-"
_LEFT_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Scratch(Engine):
    """The CLI on the copy: same program, config, credentials and plug-ins."""

    folder: Path

    @property
    def kept_file(self) -> Path:
        return self.folder / "kept.yaml"

    def environment(self) -> dict[str, str]:
        # named by its class: a dataclass with slots is made anew, and a bare super() knows only the first
        return {
            **Engine.environment(self),
            "PULUMI_BACKEND_URL": f"file://{self.folder}",
            VARIABLE: str(self.kept_file),
        }

    def keep(self, kept: Kept) -> None:
        """What programs of the copy leave as it was found."""
        write_kept(self.kept_file, kept)


@contextmanager
def scratch_of(engine: Engine, document: dict[str, Any]) -> Iterator[Scratch]:
    """A copy that is gone afterwards.

    Args:
        document: the stack's state, as exported.

    Raises:
        LinkproofError: the stack's secrets can be opened on its own backend only.
    """
    deployment = document.get("deployment") or {}
    refuse_sealed(engine.stack, document, "adopting")
    home = engine.project.work_dir(engine.stack)
    home.mkdir(parents=True, exist_ok=True)
    _clear(home)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=home) as folder:
        lay_out(Path(folder), engine.project, engine.stack, deployment)
        yield Scratch(engine.project, engine.stack, engine.lab, Path(folder))


def refuse_sealed(stack: str, document: dict[str, Any], doing: str) -> None:
    """Raises:
    LinkproofError: the stack's secrets can be opened on its own backend only, so no copy can be.
    """
    if ((document.get("deployment") or {}).get("secrets_providers") or {}).get("type") == _OF_THE_BACKEND:
        raise LinkproofError(
            f"the secrets of stack {stack} can be opened by its backend alone, and {doing} is tried on a copy first",
            f"`pulumi stack change-secrets-provider -s {stack} passphrase` (or a key of your cloud's), and run this again",
        )


def _clear(home: Path) -> None:
    """Remove copies that killed runs have left; a young one may be of a run that is under way."""
    for left in home.glob(f"{_PREFIX}*"):
        if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def lay_out(folder: Path, project: Project, stack: str, deployment: dict[str, Any]) -> None:
    """The files of a backend with this stack, as the engine keeps them (docs/engine.md)."""
    states = folder / ".pulumi" / "stacks" / project.name
    states.mkdir(parents=True, exist_ok=True)
    (folder / ".pulumi" / "meta.yaml").write_text("version: 1\n")
    checkpoint = {"stack": f"organization/{project.name}/{stack}", "latest": deployment}
    file = states / f"{stack}.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps({"version": 3, "checkpoint": checkpoint}))
