"""`linkproof deploy` of several stacks: each a deployment of its own, one table, one exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from linkproof.commands.side_by_side import Ended, Job, run_all
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.declaration.holds import Hold
    from linkproof.project import Project

_WORDS: Final = {
    0: "proven",
    1: "differs",
    2: "refused or failed",
    3: "not proven",
    4: "lagging",
    70: "a fault of linkproof",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One stack's row.

    Args:
        exit: as `deploy STACK` ends; 2 where it was interrupted or never started.
        document: what it printed with `--json`; empty where it printed none.
    """

    stack: str
    exit: int
    words: str
    seconds: float
    log: str
    document: dict[str, Any]

    @property
    def did(self) -> str:
        """What was deployed, in a few words."""
        if error := self.document.get("error"):
            return str(error.get("problem", "")).splitlines()[0][:100]
        if refusals := self.document.get("refusals"):
            return f"{counted(len(refusals), 'refusal')}, nothing was deployed"
        changes = self.document.get("changes")
        if changes is None:
            return ""
        if not self.document.get("deployed"):
            return f"{counted(len(changes), 'change')} waiting" if changes else "nothing had to change"
        return f"{counted(len(changes), 'change')} deployed"

    def to_json(self) -> dict[str, Any]:
        return {
            "stack": self.stack,
            "exit": self.exit,
            "says": self.words,
            "did": self.did,
            "seconds": round(self.seconds, 1),
            "log": self.log,
            "deployment": self.document,
        }


def deploy_all(
    project: Project, stacks: Sequence[str], options: Sequence[str], at_once: int, *, as_json: bool
) -> tuple[list[Outcome], int]:
    """Deploy them all; what stops one stops no other. The worst exit code counts.

    Args:
        options: of `deploy STACK`, the same for each.
    """
    from linkproof.drift.model import worst

    stream = sys.stderr if as_json else sys.stdout

    def tell(line: str) -> None:
        print(line, file=stream, flush=True)

    jobs = [_job(project, stack, options) for stack in stacks]
    by_stack = {job.stack: job for job in jobs}
    found: dict[str, Outcome] = {}
    for ended in run_all(jobs, at_once, tell):
        outcome = _outcome(ended, by_stack[ended.stack], project)
        found[ended.stack] = outcome
        if ended.code is not None:
            tell(f"\n── {ended.stack}: {outcome.words} ──")
            tell(_text(by_stack[ended.stack].log).strip())
    outcomes = [found[stack] for stack in stacks]
    if not as_json:
        for line in table(outcomes):
            print(line)
    return outcomes, worst(outcome.exit for outcome in outcomes)


def table(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each stack, in the order given."""
    width, words = (max(len(getattr(one, name)) for one in outcomes) for name in ("stack", "words"))
    return [
        "",
        *(
            f"{one.stack:{width}}  {one.exit:2}  {one.words:{words}}  {one.seconds:6.0f} s  {one.did}".rstrip()
            for one in outcomes
        ),
    ]


def held_by(project: Project, stack: str) -> frozenset[Hold]:
    """What a deployment of the stack has for itself; of a stack that cannot be read nothing, for it will not get that far."""
    from linkproof.declaration.holds import holds
    from linkproof.declaration.load import load
    from linkproof.errors import LinkproofError

    try:
        declaration = load(project.declaration_file(stack)).declaration
        accounts = project.stack_config(stack).get("linkproof:accounts", {})
    except LinkproofError:
        return frozenset()
    return holds(declaration, accounts) if declaration is not None else frozenset()


def _job(project: Project, stack: str, options: Sequence[str]) -> Job:
    home = project.work_dir(stack)
    command = (sys.executable, "-m", "linkproof.commands.main", "deploy", stack, "--json", *options)
    return Job(stack, held_by(project, stack), command, home / "deploy.json", home / "deploy.log")


def _outcome(ended: Ended, job: Job, project: Project) -> Outcome:
    log = project.shown(job.log)
    if ended.code is None:
        return Outcome(ended.stack, 2, "not started", 0.0, log, {})
    try:
        document = json.loads(_text(job.out))
    except ValueError:
        document = {}
    code = ended.code if ended.code in _WORDS else 2
    words = "interrupted" if ended.was_asked_to_end and code == 2 else _WORDS[code]
    return Outcome(ended.stack, code, words, ended.seconds, log, document if isinstance(document, dict) else {})


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
