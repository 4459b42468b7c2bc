"""Puts the stand-in providers where the lab's own engine looks for plug-ins."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import linkproof

from linkproof_lab.providers.packages import packages, version_of
from linkproof_lab.settings import LabSettings

MARK = b"# a stand-in of a lab"


def install(settings: LabSettings) -> None:
    """Write `$PULUMI_HOME/plugins/resource-<name>-v<version>/pulumi-resource-<name>` for each provider of the lab.

    Files that are right stay untouched.
    """
    for name in packages():
        folder = settings.pulumi_home / "plugins" / f"resource-{name}-v{version_of(name)}"
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"pulumi-resource-{name}", _script(name))


def _script(name: str) -> str:
    """`exec` keeps the process the engine's own child: it sees the engine go, and the engine can end it."""
    root = Path(linkproof.__path__[0]).resolve().parent
    lines = (
        "#!/bin/sh",
        MARK.decode(),
        f"export PYTHONPATH={shlex.quote(str(root))}",
        f'exec {shlex.quote(sys.executable)} -P -m linkproof_lab.providers {name} "$@"',
    )
    return "\n".join(lines) + "\n"


def _write(file: Path, text: str) -> None:
    if file.exists() and file.read_text() == text and file.stat().st_mode & 0o111:
        return
    fresh = file.with_suffix(".new")
    fresh.write_text(text)
    fresh.chmod(0o755)
    fresh.replace(file)  # in one step: an engine that starts meanwhile finds the old or the new
