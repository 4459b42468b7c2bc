"""Where an edge of a stack is: the addresses of its own name, as this stack's internet has it."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.project import Project


def edge_addresses(at: str, project: Project, declaration: Declaration) -> list[str]:
    """By the authoritative servers, which the machine's own resolver may not reach: a lab's, or those that `verify:` names.

    Args:
        at: a name, or an address, which is its own answer.
    """
    from linkproof.commands.verify import verify_options
    from linkproof.verify.authorities import ask_authorities

    try:
        return [str(ipaddress.ip_address(at))]
    except ValueError:
        name = at if at.endswith(".") else f"{at}."
        _, found = ask_authorities([], [name], verify_options(project, declaration))
        return sorted(found[name])
