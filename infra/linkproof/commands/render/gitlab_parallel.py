"""`linkproof render gitlab-parallel`: an include of GitLab that proves a stack in shards."""

from __future__ import annotations

from typing import Annotated

import typer

from linkproof.commands.options import Json, Stack
from linkproof.commands.render.pipeline import print_pipeline


def register(app: typer.Typer) -> None:
    app.command(name="gitlab-parallel")(gitlab_parallel)


def gitlab_parallel(
    stack: Stack,
    shards: Annotated[int, typer.Option(help="How many jobs, each a share of the zones; at most 200.")],
    as_json: Json = False,
) -> None:
    """Print an include that proves a stack in shards and merges them; for .gitlab/linkproof-shards.yml."""
    print_pipeline("gitlab", ".gitlab/linkproof-shards.yml", stack, shards, as_json=as_json)
