"""`linkproof drift`: code = state, state = cloud, cloud = what the world sees; three comparisons, in order."""

from __future__ import annotations

import json
import subprocess
import sys

import typer

from infra.commands.options import Json, Stack, print_json, stack_declaration, stack_document

# The CLI's exit code for changes where none were expected.
CHANGES = 7
COMPARISONS = {
    "code = state": ("preview", "--expect-no-changes"),
    "state = cloud": ("refresh", "--preview-only", "--expect-no-changes"),
}


_VERDICTS = {0: "proven", 1: "DIFFERS", 3: "NOT PROVEN", 4: "lagging"}


def register(app: typer.Typer) -> None:
    app.command()(drift)


def drift(stack: Stack, as_json: Json = False) -> None:
    """Run the three comparisons; nothing is changed but the files in .linkproof. The exit code is verify's, or 1 when the engine sees a change."""
    from infra.engine.cli import EngineError

    engine, declaration = stack_declaration(stack)
    changed: dict[str, bool] = {}
    for question, wanted in COMPARISONS.items():
        arguments = (*wanted, "--stack", stack, "--suppress-outputs")
        if not as_json:
            print(f"$ pulumi {' '.join(arguments)}", flush=True)
        done = engine.run(*arguments)
        if done.returncode not in (0, CHANGES):
            raise EngineError(arguments, done.returncode, done.stdout + done.stderr)
        changed[question] = done.returncode == CHANGES
        if not as_json:
            print((done.stdout + done.stderr).strip(), flush=True)
    if not as_json:
        print(f"$ linkproof expectations {stack} && linkproof verify {stack}", flush=True)
    stack_document(stack, engine, declaration)
    verify = [sys.executable, "-m", "infra.commands.main", "verify", stack]
    seen = subprocess.run(
        [*verify, *(["--json"] if as_json else [])], check=False, stdout=subprocess.PIPE if as_json else None
    )
    if not as_json:
        print("\nDrift")
        for question, has_changed in changed.items():
            print(f"  {question}: {'CHANGED, see above' if has_changed else 'same'}")
        print(f"  cloud = world: {_VERDICTS.get(seen.returncode, f'exit {seen.returncode}')}")
    if as_json:
        print_json({"version": 1, "changed": changed, "verify": json.loads(seen.stdout) if seen.stdout else None})
    raise typer.Exit(1 if any(changed.values()) else seen.returncode)
