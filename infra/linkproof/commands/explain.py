"""`linkproof explain`: what a rule means, how it is found, what to do, and the source."""

from __future__ import annotations

import difflib
from typing import Annotated

import typer

from linkproof.commands.options import Json, print_json
from linkproof.errors import LinkproofError


def register(app: typer.Typer) -> None:
    app.command()(explain)


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(help="A rule id, for example dns.stale-secondary; none lists them all.", metavar="RULE"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what a rule of `verify` or `check` means and what to do."""
    from linkproof.declaration.rules.registry import RULES as CHECK
    from linkproof.engine.guard import RULES as GUARD
    from linkproof.verify.rules.registry import RULES as VERIFY

    entries = {
        id_: {
            "rule": id_,
            "command": "verify",
            "severity": found.severity,
            "meaning": found.meaning,
            "detection": found.detection,
            "fix": found.fix,
            "source": found.source,
        }
        for id_, found in VERIFY.items()
    }
    entries |= {id_: {"rule": id_, "command": "check", "meaning": found.because} for id_, found in CHECK.items()}
    entries |= {id_: {"rule": id_, "command": "guard", "meaning": meaning} for id_, meaning in GUARD.items()}
    if rule is None:
        if as_json:
            print_json(list(entries.values()))
            return
        for id_ in sorted(entries):
            print(f"{id_:<32} {entries[id_]['command']:<7} {entries[id_]['meaning']}")
        return
    if rule not in entries:
        near = difflib.get_close_matches(rule, entries, n=3)
        raise LinkproofError(
            f"there is no rule {rule!r}",
            f"did you mean {' or '.join(near)}?" if near else "`linkproof explain` lists them all",
        )
    if as_json:
        print_json(entries[rule])
        return
    for name, value in entries[rule].items():
        print(f"{name:<10} {value}")
