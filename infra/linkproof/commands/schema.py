"""`linkproof schema`: the JSON Schemas, for editors and programs."""

from __future__ import annotations

from typing import Annotated

import typer

from linkproof.commands.options import print_json


def register(app: typer.Typer) -> None:
    app.command()(schema)


def schema(
    which: Annotated[str, typer.Argument(help="declaration, expectations or verify.")] = "declaration",
) -> None:
    """Print the JSON Schema of declarations, of expectations.json, or of what verify --json prints."""
    if which == "declaration":
        from linkproof.declaration.schema import json_schema
    elif which == "expectations":
        from linkproof.expectations.model import json_schema
    elif which == "verify":
        from linkproof.verify.report.document import json_schema
    else:
        raise typer.BadParameter(f"there is no schema {which!r}: name declaration, expectations or verify")
    print_json(json_schema())
