"""`linkproof render`: a verification in shards, in the form that another engine runs."""

from __future__ import annotations

import typer

from linkproof.commands.render import github_matrix, gitlab_parallel, kubernetes

app = typer.Typer(help="A verification in shards, in the form that another engine runs.", no_args_is_help=True)
for module in (kubernetes, github_matrix, gitlab_parallel):
    module.register(app)
