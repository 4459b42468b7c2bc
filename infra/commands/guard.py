"""`linkproof guard`: refuses a deployment that would skip a phase or tear down what is in use."""

from __future__ import annotations

import typer

from infra.commands.options import Json, Stack, print_json, stack_declaration


def register(app: typer.Typer) -> None:
    app.command()(guard)


def guard(stack: Stack, as_json: Json = False) -> None:
    """Judge each link's step against the last outputs and the state. Exit code 2 when one is refused."""
    from datetime import UTC, datetime

    from infra.engine import shared_validation
    from infra.engine.clients import Clients
    from infra.engine.guard import judge
    from infra.engine.leaving import still_protected
    from infra.engine.state import read_state
    from infra.plan.build import build

    engine, declaration = stack_declaration(stack)
    document = engine.export() if engine.exists() else {}
    state = read_state(document)
    refusals = judge(declaration, state, datetime.now(UTC))
    refusals += still_protected(declaration, state, stack)
    refusals += shared_validation.judge(build(declaration), document, lambda: Clients.of(engine))
    if as_json:
        print_json({"version": 1, "refusals": [refusal.to_json() for refusal in refusals]})
    else:
        for refusal in refusals:
            print(f"refused: {refusal}")
        if not refusals:
            print(f"guard: {len(declaration.links)} links, every step is allowed")
    raise typer.Exit(2 if refusals else 0)
