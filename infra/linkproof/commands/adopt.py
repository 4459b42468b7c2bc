"""`linkproof adopt`: takes over what exists, into the stack, with nothing changed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, Stack, print_json, stack_declaration
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.engine.adopt.adopt import Outcome
    from linkproof.engine.adopt.differences import Difference

_MOST_CREATED = 8


def register(app: typer.Typer) -> None:
    app.command()(adopt)


def adopt(
    stack: Stack,
    accept: Annotated[
        list[str] | None,
        typer.Option(help="A resource whose differences the next `pulumi up` may settle at the vendor. May repeat."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            help="A resource, a property, or RESOURCE:PROPERTY, that stays as it was found. May repeat.",
        ),
    ] = None,
    keep_all: Annotated[
        bool, typer.Option("--keep-all", help="Whatever differs and can stay as it was found does.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Find and compare only.")] = False,
    as_json: Json = False,
) -> None:
    """Take over what exists of all that is declared. Exit code 1, and nothing done, when the next `pulumi up` would change it."""
    from linkproof.engine.adopt.adopt import Wishes
    from linkproof.engine.adopt.adopt import adopt as run
    from linkproof.engine.clients import Clients

    engine, _ = stack_declaration(stack)
    outcome = run(
        engine,
        Clients.when_asked(engine),
        Wishes(frozenset(accept or ()), frozenset(keep or ()), keep_all=keep_all),
        lambda message: print(f"adopt: {message}", file=sys.stderr, flush=True),
        dry_run=dry_run,
    )
    if as_json:
        print_json(
            {
                "version": 1,
                "done": not dry_run and not outcome.is_refused,
                "found": [one.to_json() for one in outcome.found],
                "kept": [one.to_json() for one in outcome.kept],
                "accepted": [one.to_json() for one in outcome.accepted],
                "refused": [one.to_json() for one in outcome.refused],
                "in_the_way": [one.to_json() for one in outcome.in_the_way],
                "created": list(outcome.created),
            }
        )
    else:
        for line in _lines(outcome, stack, dry_run=dry_run):
            print(line)
    raise typer.Exit(1 if outcome.is_refused else 0)


def _lines(outcome: Outcome, stack: str, *, dry_run: bool) -> Iterator[str]:
    from linkproof.engine.previewed import LATER

    for one in outcome.found:
        doubt = f"; {one.doubt}" if one.doubt and LATER not in one.doubt else ""
        yield f"exists: {one.name} ({_short(one.type)}): {one.what}, {one.id}{doubt}"
    yield from _kept(outcome.kept)
    for difference in outcome.accepted:
        yield f"accepted: {_named(difference)}: `pulumi up` makes {difference.live} {difference.declared}; {difference.effect}"
    for difference in outcome.refused:
        yield from _refused(difference, stack)
    for obstacle in outcome.in_the_way:
        yield f"in the way: {obstacle.name} ({_short(obstacle.type)}): {obstacle.what}; {obstacle.doubt}"
    if outcome.created:
        some = ", ".join(outcome.created[:_MOST_CREATED])
        more = len(outcome.created) - _MOST_CREATED
        yield f"does not exist, `pulumi up` makes it: {some}" + (f" and {more} more" if more > 0 else "")
    yield _end(outcome, stack, dry_run=dry_run)


def _kept(kept: Sequence[Difference]) -> Iterator[str]:
    """By property: of sixty links that one person made, the same ones differ."""
    by_property: dict[tuple[str, str], list[str]] = {}
    for one in kept:
        by_property.setdefault((_short(one.type), one.path), []).append(one.name)
    for (rtype, path), names in by_property.items():
        yield f"stays as it was found: {rtype} {path}" + (f", {len(names)} times" if len(names) > 1 else "")


def _refused(one: Difference, stack: str) -> Iterator[str]:
    yield f"differs  {_named(one)}"
    yield f"         declared {one.declared}; live {one.live}"
    yield f"         {one.effect}"
    ways = [f"write `{one.line}`"] if one.line else []
    if one.can_be_kept and one.kind != "delete" and one.path:
        ways.append(f"leave it as it is: --keep {one.name}:{one.path}")
    if one.kind == "delete":
        ways.append("declare it again")
    elif not ways:
        ways.append("declare what is there")
    yield f"         {', or '.join(ways)}; or let `pulumi up` change it: linkproof adopt {stack} --accept {one.name}"


def _named(one: Difference) -> str:
    what = one.path if one.kind == "update" else f"{one.path} ({one.kind}d)" if one.path else f"{one.kind}d"
    return f"{one.name} ({_short(one.type)}) {what}"


def _short(rtype: str) -> str:
    return rtype.rpartition(":")[2]


def _end(outcome: Outcome, stack: str, *, dry_run: bool) -> str:
    found = counted(len(outcome.found), "object")
    if outcome.is_refused:
        open_ = len(outcome.refused) + len(outcome.in_the_way)
        return f"adopt: {found} exist; nothing was taken over: {counted(open_, 'difference')} to decide"
    if dry_run:
        return f"adopt: {found} would be taken over; nothing was done"
    if not outcome.found:
        return "adopt: nothing more exists of what is declared"
    return f"adopt: {found} taken over, nothing changed; next `linkproof deploy {stack}`"
