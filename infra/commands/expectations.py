"""`linkproof expectations`: plan + state → the verifier's only input. Run it after every `up`, a failed one too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from infra.commands.options import Json, Stack, print_json, stack_declaration, stack_document
from infra.errors import LinkproofError

if TYPE_CHECKING:
    from infra.engine.cli import Engine


def register(app: typer.Typer) -> None:
    app.command()(expectations)


def expectations(stack: Stack, as_json: Json = False) -> None:
    """Write .linkproof/STACK/expectations.json from the declaration and the engine's state.

    After a failed deployment it also says what exists already where something was to be created, and how to import it.
    """
    engine, declaration = stack_declaration(stack)
    document = stack_document(stack, engine, declaration)
    if as_json:
        print_json(document)
    else:
        file = engine.project.shown(engine.project.expectations_file(stack))
        print(f"{file}: {len(document['records'])} records, {len(document['endpoints'])} endpoints")
        for pending in document["pending"]:
            print(f"pending: {pending['id']}: {pending['reason']}")
    for line in _in_the_way(engine):
        print(line, file=sys.stderr if as_json else sys.stdout)


def _in_the_way(engine: Engine) -> Iterator[str]:
    """The expectations are written by now: what cannot be found out here is said, and no more."""
    from infra.engine.clients import Clients
    from infra.engine.obstacles import last_update_failed, obstacles

    try:
        if last_update_failed(engine):
            for found in obstacles(engine, lambda: Clients.of(engine), engine.export()):
                yield f"exists already: {found}"
    except LinkproofError as error:
        yield f"what exists already could not be looked for: {error}"
