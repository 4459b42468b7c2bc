"""`linkproof expectations`: plan + state → the verifier's only input. Run it after every `up`, a failed one too."""

from __future__ import annotations

import typer

from infra.commands.options import Json, Stack, print_json, stack_declaration, stack_document


def register(app: typer.Typer) -> None:
    app.command()(expectations)


def expectations(stack: Stack, as_json: Json = False) -> None:
    """Write .linkproof/STACK/expectations.json from the declaration and the engine's state."""
    engine, declaration = stack_declaration(stack)
    document = stack_document(stack, engine, declaration)
    if as_json:
        print_json(document)
        return
    file = engine.project.shown(engine.project.expectations_file(stack))
    print(f"{file}: {len(document['records'])} records, {len(document['endpoints'])} endpoints")
    for pending in document["pending"]:
        print(f"pending: {pending['id']}: {pending['reason']}")
