"""One preview: the steps of the next deployment, and the skeleton of an import of all that it would create."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkproof.engine.cli import Engine
from linkproof.errors import LinkproofError


@dataclass(frozen=True, slots=True)
class Preview:
    """What the next deployment would do.

    Args:
        steps: as the engine writes them; secrets masked.
        skeleton: `nameTable` and `resources` of an import file, with placeholders as ids; secrets encrypted.
    """

    steps: list[dict[str, Any]]
    skeleton: dict[str, Any]


def preview(engine: Engine, *options: str) -> Preview:
    """Run the program without deploying.

    Args:
        options: more of the engine's, as `--refresh`.

    Raises:
        LinkproofError: the program refuses, or the preview fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        done = engine.run("preview", "--stack", engine.stack, "--json", "--import-file", str(file), *options)
        try:
            document = json.loads(done.stdout)
            steps = document["steps"]
        except (ValueError, KeyError, TypeError):
            raise LinkproofError(
                f"the program cannot be previewed:\n{_tail(done.stdout + done.stderr)}", "mend what it says first"
            ) from None
        if done.returncode != 0:
            said = [str(one.get("message", "")).strip() for one in document.get("diagnostics") or ()]
            raise LinkproofError(
                f"the program cannot be previewed: {' '.join(said)}", f"run `pulumi preview -s {engine.stack}`"
            )
        skeleton = json.loads(file.read_text()) if file.exists() else {}
    return Preview(steps, skeleton)


def _tail(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-12:])
