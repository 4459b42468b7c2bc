"""The main job on one stack in one process: check it, start its lab, deploy and prove it, show what exists. Called by tools/up.sh.

Each start of Python with what the commands import costs a second of CPU, and there are five commands.
"""

from __future__ import annotations

import os
import sys

from linkproof.commands.main import main
from linkproof.declaration.load import require
from linkproof.engine.environment import stack_environment, without_lab
from linkproof.errors import LinkproofError
from linkproof.project import Project

_IS_BOLD = sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
# By custom 128 and the number of SIGINT; whoever says ^C wants no more of it.
_INTERRUPTED = 130


def up(stack: str) -> int:
    """The exit code of the first command that fails; `deploy`'s, where it comes to that."""
    _say("check")
    try:
        project = Project.find()
        file = project.declaration_file(stack)
    except LinkproofError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    if code := _run("check", stack):
        return code
    declaration = require(file)
    _show(f'eval "$(linkproof env {stack})"')
    environment = without_lab(os.environ) | stack_environment(project, stack, lab=declaration.lab)
    os.environ.clear()
    os.environ.update(environment)
    if declaration.lab:
        _say("lab")
        if code := _run("lab", "up", project.shown(file)):
            return code
    _say("deploy")
    code = _run("deploy", stack)
    if code not in (2, _INTERRUPTED):
        _run("summary", stack, is_shown=False)
    return code


def _run(*arguments: str, is_shown: bool = True) -> int:
    """One command, as the console script runs it; its exit code."""
    if is_shown:
        _show(f"linkproof {' '.join(arguments)}")
    sys.argv = ["linkproof", *arguments]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def _say(part: str) -> None:
    print(f"\n\033[1m{part}\033[0m" if _IS_BOLD else f"\n{part}", flush=True)


def _show(command: str) -> None:
    print(f"$ {command}", flush=True)


if __name__ == "__main__":
    sys.exit(up(sys.argv[1]))
