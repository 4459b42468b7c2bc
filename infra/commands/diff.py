"""`linkproof diff`: what a change of the declaration would change outside, without credentials."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from infra.commands.options import Json, print_json, require_source


def register(app: typer.Typer) -> None:
    app.command()(diff)


def diff(
    base: Annotated[str, typer.Argument(help="A declaration: FILE or REV:path.")],
    head: Annotated[str, typer.Argument(help="A declaration: FILE or REV:path.")],
    as_json: Json = False,
) -> None:
    """Print the difference of two declarations' plans."""
    from infra.plan.build import build
    from infra.plan.diff import diff_plans

    changes = diff_plans(build(require_source(base)), build(require_source(head)))
    if as_json:
        print_json({"version": 1, "changes": [asdict(change) for change in changes]})
        return
    for change in changes:
        print(change)
    if not changes:
        print("no difference outside")
