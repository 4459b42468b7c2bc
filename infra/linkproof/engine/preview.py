"""One preview: the steps of the next deployment, and the skeleton of an import of all that it would create."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linkproof.engine.beside import Beside
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
        return _read(engine.run(*_arguments(engine, file, options)), file, engine.stack)


class Coming:
    """A preview that runs beside other work. It takes no lock and writes nothing, so whoever needs it no more may leave it."""

    def __init__(self, running: Beside, file: Path, stack: str) -> None:
        self._running, self._file, self._stack = running, file, stack

    def preview(self) -> Preview:
        """Wait for its end.

        Raises:
            LinkproofError: the program refuses, or the preview fails.
        """
        return _read(self._running.ended(), self._file, self._stack)


@contextmanager
def coming(engine: Engine, *options: str) -> Iterator[Coming]:
    """The same, begun now; it is ended where it still runs at the end.

    Raises:
        LinkproofError: there is no CLI, or no backend.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "import.json"
        with engine.beside(*_arguments(engine, file, options)) as running:
            yield Coming(running, file, engine.stack)


def _arguments(engine: Engine, file: Path, options: tuple[str, ...]) -> tuple[str, ...]:
    return ("preview", "--stack", engine.stack, "--json", "--import-file", str(file), *options)


def _read(done: subprocess.CompletedProcess[str], file: Path, stack: str) -> Preview:
    try:
        document = json.loads(done.stdout)
        steps = document["steps"]
    except (ValueError, KeyError, TypeError):
        raise LinkproofError(
            f"the program cannot be previewed:\n{_tail(done.stdout + done.stderr)}", "mend what it says first"
        ) from None
    if done.returncode != 0:
        said = [str(one.get("message", "")).strip() for one in document.get("diagnostics") or ()]
        raise LinkproofError(f"the program cannot be previewed: {' '.join(said)}", f"run `pulumi preview -s {stack}`")
    return Preview(steps, json.loads(file.read_text()) if file.exists() else {})


def _tail(said: str) -> str:
    return "\n".join(said.strip().splitlines()[-12:])
