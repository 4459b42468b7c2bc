"""Running the Pulumi CLI on one stack."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from linkproof.engine import state_file
from linkproof.engine.backend import backend_url, folder
from linkproof.engine.beside import Beside
from linkproof.engine.environment import stack_environment, without_lab
from linkproof.engine.note import UNWANTED
from linkproof.errors import LinkproofError
from linkproof.project import Project

# Engine 3.276.0 makes the whole state anew after each step of a preview on a file backend, and throws it away (docs/engine.md).
# Never for what deploys: there the state after each step is what a killed engine leaves.
QUICK_PREVIEW: Final = {"PULUMI_SKIP_CHECKPOINTS": "true", UNWANTED: "1"}

# The program looks for skipped phases only where nobody else does: what a command starts has been judged, or changes no phase.
JUDGED: Final = {"LINKPROOF_PHASES_JUDGED": "true"}


class EngineError(LinkproofError):
    """The Pulumi CLI refused or failed."""

    def __init__(self, arguments: tuple[str, ...], code: int, said: str) -> None:
        tail = "\n".join(said.strip().splitlines()[-12:])
        super().__init__(
            f"`pulumi {' '.join(arguments)}` ended with {code}:\n{tail}", "run it by hand to see the whole output"
        )
        self.code = code
        self.said = said


@dataclass(frozen=True, slots=True)
class Engine:
    """The CLI for one stack, with the environment that the stack needs."""

    project: Project
    stack: str
    lab: bool

    def environment(self) -> dict[str, str]:
        own = stack_environment(self.project, self.stack, lab=self.lab)
        environment = {**without_lab(os.environ), **own, **JUDGED}
        if not self.lab and "PULUMI_BACKEND_URL" not in environment and not backend_url(self.project, environment):
            raise LinkproofError(
                "no Pulumi backend is chosen",
                "set PULUMI_BACKEND_URL (s3://…, file://…) or run `pulumi login`; the README's “Going live” shows both",
            )
        return environment

    def run(
        self, *arguments: str, timeout_seconds: float = 3600, more: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run one command and keep what it prints; the caller judges the exit code.

        Args:
            more: of the environment.

        Raises:
            LinkproofError: there is no CLI, or it did not end in time.
        """
        try:
            return subprocess.run(
                _command(arguments),
                cwd=self.project.root,
                env=self._environment_of(arguments) | dict(more or {}),
                capture_output=True,
                text=True,
                check=False,
                timeout=timeout_seconds,
            )
        except subprocess.TimeoutExpired as error:
            raise LinkproofError(
                f"`pulumi {' '.join(arguments)}` did not end within {timeout_seconds:g} s",
                f"run it by hand to see where it stops; if it was killed, run `linkproof recover {self.stack}`",
            ) from error

    def beside(self, *arguments: str) -> Beside:
        """Start one command that changes nothing, and go on while it runs.

        Raises:
            LinkproofError: there is no CLI, or no backend.
        """
        assert _only_previews(arguments), arguments
        return Beside(_command(arguments), self.project.root, self._environment_of(arguments))

    def _environment_of(self, arguments: tuple[str, ...]) -> dict[str, str]:
        return self.environment() | (QUICK_PREVIEW if _only_previews(arguments) else {})

    def must(self, *arguments: str) -> str:
        """Run one command that has to work; its standard output.

        Raises:
            TornStateError: it ended with another exit code, and the stack's state is not whole.
            EngineError: it ended with another exit code than 0.
        """
        done = self.run(*arguments)
        if done.returncode != 0:
            self._refuse_torn()
            raise EngineError(arguments, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def _refuse_torn(self) -> None:
        """The engine's own words for a torn state name no file and no way out."""
        root = folder(backend_url(self.project, self.environment()), self.project.root)
        broken = state_file.torn(root, self.project.name, self.stack)
        if broken is not None:
            raise state_file.TornStateError(broken, self.stack)

    def exists(self) -> bool:
        """Whether the backend has this stack.

        Raises:
            EngineError: the backend cannot be asked.
        """
        self._prepare()
        return self.stack in self._names()

    def _prepare(self) -> None:
        """The engine wants a file backend's folder to be there."""
        if self.lab:
            (self.project.work_dir(self.stack) / "backend").mkdir(parents=True, exist_ok=True)

    def others(self) -> list[str]:
        """The project's other stacks on this backend.

        Raises:
            EngineError: the backend cannot be asked.
        """
        return [name for name in self._names() if name != self.stack]

    def export_of(self, other: str) -> dict[str, Any]:
        """The state document of another stack on this stack's backend.

        Raises:
            EngineError: the backend does not have it, or cannot be asked.
        """
        document: dict[str, Any] = json.loads(self.must("stack", "export", "--stack", other))
        return document

    def _names(self) -> list[str]:
        return [entry["name"].rpartition("/")[2] for entry in json.loads(self.must("stack", "ls", "--json"))]

    def export(self) -> dict[str, Any]:
        """The stack's state document; secrets stay encrypted.

        Raises:
            LinkproofError: the stack does not exist, or the backend cannot be asked.
        """
        document = self.export_if_any()
        if document is None:
            raise LinkproofError(
                f"stack {self.stack} has never been deployed",
                f"run `linkproof deploy {self.stack}` first",
            )
        return document

    def export_if_any(self) -> dict[str, Any] | None:
        """The same; None where the backend has no such stack, which is asked only when there is nothing to export.

        Raises:
            LinkproofError: the backend cannot be asked, or the state is not whole.
        """
        arguments = ("stack", "export", "--stack", self.stack)
        self._prepare()
        done = self.run(*arguments)
        if done.returncode == 0:
            document: dict[str, Any] = json.loads(done.stdout)
            return document
        if not self.exists():
            return None
        self._refuse_torn()
        raise EngineError(arguments, done.returncode, done.stdout + done.stderr)

    def import_state(self, document: dict[str, Any]) -> None:
        """Replace the stack's state by an exported document that was changed.

        Raises:
            EngineError: the engine refuses it; the state is as it was.
        """
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "state.json"
            file.touch(mode=0o600)
            file.write_text(json.dumps(document))
            self.must("stack", "import", "--stack", self.stack, "--file", str(file))


def _command(arguments: tuple[str, ...]) -> list[str]:
    return ["pulumi", *arguments, "--non-interactive"]


def _only_previews(arguments: tuple[str, ...]) -> bool:
    return arguments[0] == "preview" or "--preview-only" in arguments
