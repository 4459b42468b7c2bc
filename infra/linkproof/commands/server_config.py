"""`linkproof server-config`: the configuration of a server of one's own, for the links that use it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, require_source, stack_of
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration


def register(app: typer.Typer) -> None:
    app.command("server-config")(server_config)


def server_config(
    source: Annotated[str, typer.Argument(help="A stack, FILE or REV:path.", metavar="STACK")],
    edge: Annotated[str, typer.Argument(help="The key of an edge that is a server of one's own.", metavar="EDGE")],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the files into this folder, in place of printing them.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Print or write the configuration of a server, for every link of EDGE that is past `branded`.

    A file that this command did not write, or that was changed since, is never overwritten.
    """
    from linkproof import registry
    from linkproof.errors import LinkproofError
    from linkproof.plan.link import edge_uses
    from linkproof.servers.describe import server_of
    from linkproof.servers.files import signed, write

    declaration = _declaration(source)
    if edge not in declaration.edges:
        raise LinkproofError(f"{edge} is no edge", f"name one of: {', '.join(declaration.edges) or 'none is declared'}")
    declared = declaration.edges[edge]
    plugin = registry.edge(declared.provider).server
    if plugin is None:
        raise LinkproofError(
            f"{edge} is {declared.provider}, which is no server of one's own", "`pulumi up` makes what it needs"
        )
    uses = [use for use in edge_uses(declaration, list(declaration.links.values())) if use.edge.key == edge]
    if not uses:
        raise LinkproofError(f"no link of {edge} is past branded", "write `phase: ready` at the first")
    server = server_of(declared, uses, plugin.FACTS)
    rendered = plugin.render(server)
    files = {name: signed(text) for name, text in rendered.files.items()}
    if out is not None:
        write(out, files)
    if as_json:
        print_json(
            {
                "version": 1,
                "edge": edge,
                "provider": declared.provider,
                "files": files,
                "written": None if out is None else str(out),
                "folder": server.folder,
                "check": rendered.check,
                "reload": rendered.reload,
                "notes": list(rendered.notes),
            }
        )
        return
    if out is None:
        for name, text in files.items():
            print(f"==> {name} <==\n{text}")
    else:
        print(f"{out}: {', '.join(files)} ({declared.provider}, {counted(len(uses), 'link')})")
    # the files alone go into a pipe
    for line in (
        f"copy to {server.folder} on {declared.options.name}, then: {rendered.check} && {rendered.reload}",
        *rendered.notes,
    ):
        typer.echo(line, err=out is None)


def _declaration(source: str) -> Declaration:
    from linkproof.declaration.load import require
    from linkproof.project import Project

    stack = stack_of(source)
    return require(Project.find().declaration_file(stack)) if stack is not None else require_source(source)
