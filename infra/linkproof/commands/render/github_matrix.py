"""`linkproof render github-matrix`: a workflow of GitHub that proves a stack in shards."""

from __future__ import annotations

from typing import Annotated

import typer

from linkproof.commands.options import Json, Stack
from linkproof.commands.render.pipeline import print_pipeline


def register(app: typer.Typer) -> None:
    app.command(name="github-matrix")(github_matrix)


def github_matrix(
    stack: Stack,
    shards: Annotated[int, typer.Option(help="How many jobs, each a share of the zones; at most 256.")],
    as_json: Json = False,
) -> None:
    """Print a workflow that proves a stack in shards and merges them; for .github/workflows/verify-shards.yml."""
    print_pipeline("github", ".github/workflows/verify-shards.yml", stack, shards, as_json=as_json)
