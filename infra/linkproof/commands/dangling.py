"""`linkproof dangling`: names whose target is gone, free for anybody, or somebody else's, in the order in which to mend them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from linkproof.dangling.model import Dangling


def register(app: typer.Typer) -> None:
    app.command()(dangling)


def dangling(stack: Stack, as_json: Json = False) -> None:
    """Of every name that the stack declares or ever published: does its target exist, and is it ours? Only asks. 1 one dangles, 3 not known of one, 0 none."""
    from linkproof.commands.verify import verify_options
    from linkproof.dangling.gather import dangling as gather

    engine, declaration = stack_declaration(stack)

    def say(text: str) -> None:
        if sys.stderr.isatty():
            print(text, file=sys.stderr)

    found = gather(engine, declaration, verify_options(engine.project, declaration), say)
    if as_json:
        print_json(found.to_json())
    else:
        for line in _lines(found):
            print(line)
    raise typer.Exit(found.exit_code)


def _lines(found: Dangling) -> Iterator[str]:
    from linkproof.verify.report.escape import printable

    good = [one for one in found.names if one.fate in ("ours", "not published")]
    for one in found.names:
        if one in good:
            continue
        known = "" if one.is_declared else ", published once and declared no more"
        targets = f" → {', '.join(map(printable, one.targets))}" if one.targets else ""
        yield f"{one.fate}  {printable(one.name)}{targets}{known}{', clicks arrive there' if one.is_in_use else ''}"
        if one.why:
            yield f"  {printable(one.why)}"
        for number, step in enumerate(one.steps, 1):
            yield f"  {number}. {printable(step)}"
    ours = sum(one.fate == "ours" for one in found.names)
    yield f"{len(found.names)} names: {ours} ours, {len(good) - ours} not published, {len(found.names) - len(good)} to see to"
