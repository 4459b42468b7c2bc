"""`linkproof retire`: lets go of a link, so that the engine may delete its record, edge and certificate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine


def register(app: typer.Typer) -> None:
    app.command()(retire)


def retire(
    link: Annotated[
        str | None,
        typer.Argument(help="A link or tracking host, by key or host; with --keep a zone.", metavar="LINK"),
    ] = None,
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that has it.")] = "",
    everything: Annotated[
        bool, typer.Option("--all", help="Every link of a lab stack, before `pulumi destroy`.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Take a zone's records out of the state, and leave them at the DNS host.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Clear the protection of a link that is back in phase branded. The next `pulumi up` without it deletes it."""
    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    if (link is None) == (not everything):
        raise typer.BadParameter("name a LINK, or --all, one of the two")
    if keep and link is None:
        raise typer.BadParameter("name the zone whose records are kept")
    engine, declaration = stack_declaration(stack)
    if keep:
        assert link is not None
        _release(engine, declaration, link, as_json=as_json)
        return
    urns = _urns(engine, declaration, link)
    for urn in urns:
        engine.must("state", "unprotect", urn, "--yes", "--stack", stack)
        if not as_json:
            print(f"no longer protected: {urn.rpartition('::')[2]} ({urn.split('::')[2].rpartition('$')[2]})")
    if as_json:
        print_json({"version": 1, "unprotected": urns})
    elif not urns:
        print("nothing is protected")


def _urns(engine: Engine, declaration: Declaration, link: str | None) -> list[str]:
    """What is let go of: of one link, or of all of a lab stack."""
    from linkproof.engine.protection import all_protected, protected
    from linkproof.engine.state import read_state
    from linkproof.plan.build import build

    state = read_state(engine.export())
    if link is None:
        if not declaration.lab:
            raise LinkproofError(
                f"{engine.stack} is no lab stack: --all would let go of every live link",
                "retire its links one by one, each from phase branded",
            )
        return all_protected(state)
    host = link
    if link in declaration.links:
        host = declaration.links[link].click_host.text
    elif link in declaration.tracking_hosts:
        host = declaration.tracking_hosts[link].host.text
    others = replace(
        declaration,
        links={key: one for key, one in declaration.links.items() if one.click_host.text != host},
        tracking_hosts={key: one for key, one in declaration.tracking_hosts.items() if one.host.text != host},
    )
    return protected(state, host, build(others), build(declaration))


def _release(engine: Engine, declaration: Declaration, zone: str, *, as_json: bool) -> None:
    from linkproof.engine.release import released

    document, urns = released(engine.export(), declaration, zone)
    engine.import_state(document)
    if as_json:
        print_json({"version": 1, "released": urns})
        return
    for urn in urns:
        print(f"no longer in the state, and as it was at the DNS host: {urn.rpartition('::')[2]}")
    print(f"declare `dns: manual` for {zone} before the next `pulumi up`, which would make these records again")
