"""`linkproof recover`: after a killed `pulumi up`."""

from __future__ import annotations

import typer

from infra.commands.options import Json, Stack, print_json, stack_declaration


def register(app: typer.Typer) -> None:
    app.command()(recover)


def recover(stack: Stack, as_json: Json = False) -> None:
    """Remove a dead engine's lock and import what it had created. Does nothing when nothing was interrupted."""
    from infra.engine.clients import Clients
    from infra.engine.recover import recover as run

    engine, _ = stack_declaration(stack)
    said: list[str] = []

    def say(message: str) -> None:
        said.append(message)
        if not as_json:
            print(f"recover: {message}")

    run(engine, lambda: Clients.of(engine), say)
    if as_json:
        print_json({"version": 1, "done": said})
    elif not said:
        print("recover: nothing was interrupted")
