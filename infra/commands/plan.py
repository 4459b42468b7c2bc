"""`linkproof plan`: what must exist, from the declaration alone."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from infra.commands.options import Json, print_json


def register(app: typer.Typer) -> None:
    app.command()(plan)


def plan(
    file: Annotated[Path, typer.Argument(help="A declaration, for example stacks/dev.yaml.")],
    as_json: Json = False,
) -> None:
    """Print what each link's CNAMEs, certificate and edge must be now, and what its next phase would change."""
    from infra.declaration.load import require
    from infra.plan.build import build
    from infra.plan.render import render, to_json

    declaration = require(file)
    built = build(declaration)
    if as_json:
        print_json(to_json(declaration, built))
    else:
        print(render(declaration, built))
