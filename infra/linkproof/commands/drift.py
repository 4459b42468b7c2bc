"""`linkproof drift`: code = state, state = cloud, cloud = what the world sees; three comparisons, in order, whatever one of them finds."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import typer

from linkproof.commands import crash, standard_streams
from linkproof.commands.options import Json, Stack, print_json, stack_declaration, stack_document
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from collections.abc import Callable

    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine

# The CLI's exit code for changes where none were expected.
CHANGES = 7
COMPARISONS = {
    "code = state": ("preview", "--expect-no-changes"),
    "state = cloud": ("refresh", "--preview-only", "--expect-no-changes"),
}
WORLD = "cloud = world"


_VERDICTS = {0: "proven", 1: "DIFFERS", 3: "NOT PROVEN", 4: "lagging"}
# The worst first; what is not here is a fault as well.
_BY_WEIGHT = (crash.EXIT_CODE, 2, 1, 3, 4, 0)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one comparison ended.

    Args:
        exit_code: by the table of exit codes.
        words: for the last lines.
        problem: why it could not be made; empty where it was.
    """

    exit_code: int
    words: str
    problem: str = ""


def register(app: typer.Typer) -> None:
    app.command()(drift)


def drift(stack: Stack, as_json: Json = False) -> None:
    """Run the three comparisons, whatever one of them finds; nothing is changed but the files in .linkproof. The exit code is the worst of them, 1 where the engine sees a change."""
    engine, declaration = stack_declaration(stack)
    outcomes: dict[str, Outcome] = {}
    for question, wanted in COMPARISONS.items():
        arguments = (*wanted, "--stack", stack, "--suppress-outputs")
        _say(f"$ pulumi {' '.join(arguments)}", quiet=as_json)
        outcomes[question] = _attempt(partial(_compare, engine, arguments, quiet=as_json))
    _say(f"$ linkproof expectations {stack} && linkproof verify {stack}", quiet=as_json)
    joined = _attempt(partial(_join, stack, engine, declaration))
    verified, seen = _verify(stack, as_json=as_json)
    # what the file before says is still worth asking about, but it is no answer for the stack as it is now
    outcomes[WORLD] = joined if joined.problem and _weight(joined) <= _weight(verified) else verified
    worst = min(outcomes.values(), key=_weight).exit_code
    if as_json:
        failed = {question: item.problem for question, item in outcomes.items() if item.problem}
        changed = {q: None if outcomes[q].problem else outcomes[q].exit_code == 1 for q in COMPARISONS}
        print_json({"version": 1, "changed": changed, "verify": seen, "failed": failed, "exit": worst})
    else:
        print("\nDrift")
        for question, item in outcomes.items():
            print(f"  {question}: {item.words}")
    raise typer.Exit(worst)


def _compare(engine: Engine, arguments: tuple[str, ...], *, quiet: bool) -> Outcome:
    from linkproof.engine.cli import EngineError

    done = engine.run(*arguments)
    if done.returncode not in (0, CHANGES):
        raise EngineError(arguments, done.returncode, done.stdout + done.stderr)
    _say((done.stdout + done.stderr).strip(), quiet=quiet)
    has_changed = done.returncode == CHANGES
    return Outcome(1 if has_changed else 0, "CHANGED, see above" if has_changed else "same")


def _join(stack: str, engine: Engine, declaration: Declaration) -> Outcome:
    stack_document(stack, engine, declaration)
    return Outcome(0, "")


def _verify(stack: str, *, as_json: bool) -> tuple[Outcome, Any]:
    """In a process of its own, as somebody runs it; with its document, where it is wanted."""
    # -P: the folder that one stands in may have a package or module of any name, and is no part of linkproof
    command = [sys.executable, "-P", "-m", "linkproof.commands.main", "verify", stack, *(["--json"] if as_json else [])]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE if as_json else None)
    try:
        seen = json.loads(done.stdout) if done.stdout else None
    except ValueError:
        seen = None
    words = _VERDICTS.get(done.returncode, f"FAILED, see above (exit {done.returncode})")
    problem = "" if done.returncode in _VERDICTS else f"verify ended with {done.returncode}"
    return Outcome(done.returncode if done.returncode in _BY_WEIGHT else crash.EXIT_CODE, words, problem), seen


def _attempt(compare: Callable[[], Outcome]) -> Outcome:
    """One comparison; that it fails must not hide what the next one finds."""
    try:
        return compare()
    except (LinkproofError, OSError, subprocess.TimeoutExpired) as error:
        code, problem = getattr(error, "exit_code", 2), str(error)
    except Exception as error:
        crash.trace(error)
        code, problem = crash.EXIT_CODE, crash.describe(error)
    print(f"error: {standard_streams.printable(problem)}", file=sys.stderr, flush=True)
    return Outcome(code, f"FAILED, see above (exit {code})", problem)


def _weight(outcome: Outcome) -> int:
    return _BY_WEIGHT.index(outcome.exit_code) if outcome.exit_code in _BY_WEIGHT else 0


def _say(text: str, *, quiet: bool) -> None:
    if not quiet:
        print(text, flush=True)
