"""`linkproof env`: what `pulumi` needs in the environment, for `eval`."""

from __future__ import annotations

import shlex

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration


def register(app: typer.Typer) -> None:
    app.command()(env)


def env(stack: Stack, as_json: Json = False) -> None:
    """Print export lines for a stack: eval "$(linkproof env dev)"."""
    import os

    from linkproof.engine.environment import LAB_VARIABLES, stack_environment

    engine, _ = stack_declaration(stack)
    variables = stack_environment(engine.project, stack, lab=engine.lab)
    if as_json:
        print_json(variables)
        return
    if "LINKPROOF_LAB" in os.environ:
        print(f"unset {' '.join(LAB_VARIABLES)}")
    for name, value in variables.items():
        print(f"export {name}={shlex.quote(value)}")
