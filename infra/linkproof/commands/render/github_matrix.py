"""`linkproof render github-matrix`: a workflow of GitHub that proves a stack in shards."""

from __future__ import annotations

from typing import Annotated

import typer

from linkproof.commands.options import Json, Stack, print_json
from linkproof.errors import LinkproofError


def register(app: typer.Typer) -> None:
    app.command(name="github-matrix")(github_matrix)


def github_matrix(
    stack: Stack,
    shards: Annotated[int, typer.Option(help="How many jobs, each a share of the zones; at most 256.")],
    as_json: Json = False,
) -> None:
    """Print a workflow that proves a stack in shards and merges them; for .github/workflows/verify-shards.yml."""
    from linkproof.ci.files import in_shards
    from linkproof.project import Project

    project = Project.find()
    if not project.declaration_file(stack).is_file():
        file = project.shown(project.declaration_file(stack))
        raise LinkproofError(f"{file} does not exist", "write it, or name a stack that has a declaration")
    text = in_shards("github", stack, shards)
    if as_json:
        print_json({"version": 1, "file": ".github/workflows/verify-shards.yml", "text": text})
    else:
        print(text, end="")
