"""`linkproof plan`: what must exist, from the declaration; for a deployed stack with the values that only its state knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, stack_of

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.declaration.model import Declaration
    from linkproof.plan.by_hand import LateValue


def register(app: typer.Typer) -> None:
    app.command()(plan)


def plan(
    file: Annotated[
        str,
        typer.Argument(
            help="A declaration, for example stacks/dev.yaml; or a STACK, whose state then gives the real values.",
            metavar="FILE|STACK",
        ),
    ],
    as_json: Json = False,
) -> None:
    """Print what each link's CNAMEs, certificate and edge must be now, what its next phase would change, and what to publish by hand."""
    from linkproof.declaration.load import require
    from linkproof.plan.build import build
    from linkproof.plan.by_hand import nothing_known
    from linkproof.plan.render import render, to_json

    stack = stack_of(file)
    declaration, late, drains = (require(Path(file)), nothing_known, {}) if stack is None else _deployed(stack)
    built = build(declaration)
    if as_json:
        print_json(to_json(declaration, built, late, drains))
    else:
        print(render(declaration, built, late, drains_until=drains))


def _deployed(stack: str) -> tuple[Declaration, LateValue, dict[str, datetime]]:
    import sys
    from datetime import UTC, datetime

    from linkproof.commands.options import deployed_state
    from linkproof.contract.state import State
    from linkproof.engine.guard.draining import drains_by_host
    from linkproof.expectations.join import late_value

    declaration, state, lacks = deployed_state(stack)
    if lacks:
        print(f"note: {lacks}", file=sys.stderr)
    found = state or State((), {}, ())
    draining = drains_by_host(declaration, found, datetime.now(UTC))
    until = {host: one.until for host, one in draining.items()}
    return declaration, lambda late: late_value(late, found), until
