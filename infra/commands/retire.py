"""`linkproof retire`: lets go of a link, so that the engine may delete its record, edge and certificate."""

from __future__ import annotations

from typing import Annotated

import typer

from infra.commands.options import Json, print_json, stack_declaration
from infra.errors import LinkproofError


def register(app: typer.Typer) -> None:
    app.command()(retire)


def retire(
    link: Annotated[str | None, typer.Argument(help="A link or tracking host, by key or host.", metavar="LINK")] = None,
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that has it.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Every link of a lab stack, before `pulumi destroy`.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Clear the protection of a link that is back in phase branded. The next `pulumi up` without it deletes it."""
    from infra.engine.protection import protected
    from infra.engine.state import read_state

    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    if (link is None) == (not everything):
        raise typer.BadParameter("name a LINK, or --all, one of the two")
    engine, declaration = stack_declaration(stack)
    state = read_state(engine.export())
    if everything:
        if not declaration.lab:
            raise LinkproofError(
                f"{stack} is no lab stack: --all would let go of every live link",
                "retire its links one by one, each from phase branded",
            )
        urns = protected(state, None)
    else:
        assert link is not None
        host = link
        if link in declaration.links:
            host = declaration.links[link].click_host.text
        elif link in declaration.tracking_hosts:
            host = declaration.tracking_hosts[link].host.text
        urns = protected(state, host)
    for urn in urns:
        engine.must("state", "unprotect", urn, "--yes", "--stack", stack)
        if not as_json:
            print(f"no longer protected: {urn.rpartition('::')[2]} ({urn.split('::')[2].rpartition('$')[2]})")
    if as_json:
        print_json({"version": 1, "unprotected": urns})
    elif not urns:
        print("nothing is protected")
