"""`linkproof diff`: what a change of the declaration would change outside, without credentials."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from linkproof.commands.options import Json, print_json, require_source


def register(app: typer.Typer) -> None:
    app.command()(diff)


def diff(
    base: Annotated[str, typer.Argument(help="A declaration: FILE or REV:path.")],
    head: Annotated[str, typer.Argument(help="A declaration: FILE or REV:path.")],
    as_json: Json = False,
) -> None:
    """Print what a change means for clicks, then every object that it changes."""
    from linkproof.plan.build import build
    from linkproof.plan.diff import diff_plans
    from linkproof.plan.words import clicks

    before, after = build(require_source(base)), build(require_source(head))
    changes, said = diff_plans(before, after), list(clicks(before, after))
    if as_json:
        print_json({"version": 1, "clicks": said, "changes": [asdict(change) for change in changes]})
        return
    if changes:
        print("\n".join(said or ["nothing changes for a click"]))
        print()
    for change in changes:
        print(change)
    if not changes:
        print("no difference outside")
