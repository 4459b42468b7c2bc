"""`linkproof recover`: after a killed `pulumi up`."""

from __future__ import annotations

import sys

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration
from linkproof.errors import LinkproofError


def register(app: typer.Typer) -> None:
    app.command()(recover)


def recover(stack: Stack, as_json: Json = False) -> None:
    """Remove a dead engine's lock and import what it had created. Does nothing when nothing was interrupted."""
    from linkproof.engine.clients import Clients
    from linkproof.engine.recover import recover as run

    engine, _ = stack_declaration(stack)
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        if not as_json:
            print(f"recover: {message}")

    try:
        run(engine, Clients.when_asked(engine), say)
    except LinkproofError:
        # What was done before the error stays done. The error itself is printed as every command's is.
        for line in said if as_json else ():
            print(f"recover: {line}", file=sys.stderr)
        raise
    if as_json:
        print_json({"version": 1, "done": said})
    elif not said:
        print("recover: nothing was interrupted")
