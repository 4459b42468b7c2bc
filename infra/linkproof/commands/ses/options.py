"""What the commands share: a link of Amazon SES, and its account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Link
    from linkproof.declaration.model import Declaration

LinkKey = Annotated[str, typer.Argument(help="A link's key.", metavar="LINK", show_default=False)]
OfStack = Annotated[str, typer.Option("--stack", "-s", help="The stack.")]


def link_of(declaration: Declaration, key: str) -> Link:
    """Raises:
    LinkproofError: there is no such link.
    """
    if key not in declaration.links:
        raise LinkproofError(f"{key} is no link", f"name one of: {', '.join(declaration.links)}")
    return declaration.links[key]
