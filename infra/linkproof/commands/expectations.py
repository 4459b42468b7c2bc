"""`linkproof expectations`: plan + state → the verifier's only input. Run it after every `up`, a failed one too."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration, stack_document
from linkproof.errors import LinkproofError
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine


def register(app: typer.Typer) -> None:
    app.command()(expectations)


def expectations(stack: Stack, as_json: Json = False) -> None:
    """Write .linkproof/STACK/expectations.json from the declaration and the engine's state; print what is new to publish by hand.

    After a failed deployment it also says what exists already where something was to be created, and how to import it.
    """
    engine, declaration = stack_declaration(stack)
    write_and_tell(engine, declaration, engine.export(), as_json=as_json)
    for line in in_the_way(engine):
        print(line, file=sys.stderr if as_json else sys.stdout)


def write_and_tell(engine: Engine, declaration: Declaration, state: dict[str, Any], *, as_json: bool = False) -> None:
    """Write the file from this state document, and print what is new to publish by hand.

    Raises:
        LinkproofError: the file of before cannot be read.
    """
    from linkproof.expectations.file import read_previous

    stack = engine.stack
    previous = read_previous(engine.project.expectations_file(stack)) or {}
    document = stack_document(engine, declaration, state)
    if as_json:
        print_json(document)
    else:
        file = engine.project.shown(engine.project.expectations_file(stack))
        print(
            f"{file}: {counted(len(document['records']), 'record')}, {counted(len(document['endpoints']), 'endpoint')}"
        )
        for pending in document["pending"]:
            word = "unprobed" if pending.get("by_design") else "pending"
            print(f"{word}: {pending['id']}: {pending['reason']}")
        for line in _to_publish(document, previous, stack, lab=declaration.lab):
            print(line)


def _to_publish(document: dict[str, Any], previous: dict[str, Any], stack: str, *, lab: bool) -> Iterator[str]:
    """The records of zones that people write, where they are not what they were; the rest is only counted."""
    zones = tuple(f".{zone['name']}" for zone in document["zones"] if zone.get("by_hand"))
    records = [record for record in document["records"] if f".{record['name']}".endswith(zones)] if zones else []
    before = {(record["name"], record["type"]): _wanted(record) for record in previous.get("records", ())}
    changed = [record for record in records if before.get((record["name"], record["type"])) != _wanted(record)]
    if changed:
        yield "publish by hand (dns: manual), each in place of what is there:"
    for record in changed:
        for value in record["values"]:
            yield f"  {record['name']} {record['ttl_seconds']} IN {record['type']} {value}"
    if changed:
        here = f"here `linkproof lab publish {stack}` does it; " if lab else ""
        yield f"{here}then `linkproof verify {stack}` says whether they are there"
    elif records:
        unchanged = counted(len(records), "record")
        yield f"by hand (dns: manual): {unchanged}, the same as before; `linkproof plan {stack}` prints them"


def _wanted(record: dict[str, Any]) -> tuple[Any, Any]:
    return record["values"], record["ttl_seconds"]


def in_the_way(engine: Engine) -> Iterator[str]:
    """What exists already where the failed last deployment was to create something.

    The expectations are written by now: what cannot be found out here is said, and no more.
    """
    from linkproof.engine.clients import Clients
    from linkproof.engine.obstacles import last_update_failed, obstacles

    try:
        if last_update_failed(engine):
            for found in obstacles(engine, Clients.when_asked(engine), engine.export()):
                yield f"exists already: {found}"
    except LinkproofError as error:
        yield f"what exists already could not be looked for: {error}"
