"""`linkproof keep`: leaves a link's validation record in DNS, because another certificate needs it."""

from __future__ import annotations

from typing import Annotated

import typer

from linkproof.commands.options import Json, print_json, stack_declaration


def register(app: typer.Typer) -> None:
    app.command()(keep)


def keep(
    link: Annotated[str, typer.Argument(help="A link, by key or click host.", metavar="LINK")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that has it.")] = "",
    as_json: Json = False,
) -> None:
    """Let the next `pulumi up` forget the link's validation record instead of deleting it in DNS."""
    from linkproof.engine.guard.kept import keep as run

    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    engine, declaration = stack_declaration(stack)
    host = declaration.links[link].click_host.text if link in declaration.links else link
    kept = run(engine, host)
    if as_json:
        print_json({"version": 1, "kept": kept})
    else:
        print(f"stays in DNS when its link lets go of it: {kept}")
