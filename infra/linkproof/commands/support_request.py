"""`linkproof support-request`: the message by which a sender's support switches https on, once everything it asks for is proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, deployed_state, link_of, print_json
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Link
    from linkproof.declaration.model import Declaration


def register(app: typer.Typer) -> None:
    app.command("support-request")(support_request)


def support_request(
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack.")],
    link: Annotated[str | None, typer.Argument(help="A link's key.", show_default=False)] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every link in phase live, account by account.")] = False,
    as_json: Json = False,
) -> None:
    """Write the message to the sender's support. Exit code 2 while a proof is missing; asks no server."""
    if (link is None) == (not everything):
        raise typer.BadParameter("name a LINK, or --all, one of the two")
    from linkproof.commands.summary import last_report_at
    from linkproof.project import Project
    from linkproof.standing.support import requests

    declaration, state, lacks = deployed_state(stack)
    if state is None:
        raise LinkproofError(lacks, "deploy the stack first")
    verified, at = last_report_at(Project.find(), stack)
    found = requests(declaration, _links(declaration, link), state, verified, at)
    if as_json:
        print_json(
            {
                "version": 1,
                "requests": [
                    {
                        "sender": one.sender.key,
                        "message": one.message or None,
                        "to_check": list(one.to_check),
                        "missing": [{"link": key, "what": what} for key, what in one.missing],
                    }
                    for one in found
                ],
            }
        )
    else:
        for one in found:
            for key, what in one.missing:
                print(f"not yet: {key}: {what}")
            for what in one.to_check:
                print(f"look at the sender's page before you send it: {what}\n")
            if one.message:
                print(one.message)
    raise typer.Exit(2 if any(one.missing for one in found) else 0)


def _links(declaration: Declaration, key: str | None) -> list[Link]:
    """Raises:
    LinkproofError: there is no such link, or none is live.
    """
    if key is not None:
        return [link_of(declaration, key)]
    found = [link for link in declaration.links.values() if link.phase == "live" and not link.sender.is_external]
    if not found:
        raise LinkproofError("no link is in phase live", "https is asked for once the click hosts lead to their edges")
    return found
