"""`linkproof advance` and `retreat`: one phase forwards or back, written into the file after the checks for that step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, link_of, print_json, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Link
    from linkproof.contract.state import State
    from linkproof.declaration.model import Declaration
    from linkproof.discover.file import DeclarationFile
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Refusal

Links = Annotated[list[str], typer.Argument(help="Links, by their keys.", metavar="LINK…")]
Of = Annotated[str, typer.Option("--stack", "-s", help="The stack that has them.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what it would write, and write nothing.")]
# Low enough for a step that may be taken back, and what every DNS host takes.
LOW_TTL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Written:
    """What becomes of one link's entry.

    Args:
        word: the key of its entry.
        before: its value now.
    """

    link: str
    word: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.link}: {self.word} {self.before} → {self.after}"


def register(app: typer.Typer) -> None:
    app.command()(advance)
    app.command()(retreat)


def advance(
    links: Links,
    stack: Of = "",
    lower_ttl: Annotated[
        bool,
        typer.Option(
            "--lower-ttl", help=f"Write ttl_seconds: {LOW_TTL_SECONDS} in place of a phase: the step before a move."
        ),
    ] = False,
    raise_ttl: Annotated[
        int | None,
        typer.Option(
            metavar="SECONDS",
            min=60,
            max=86400,
            help="Write this TTL in place of a phase, once a move has proved itself.",
        ),
    ] = None,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """Write the next phase of these links into the file, comments and layout kept, where the guard lets that step pass.

    It prints what the step means for a click, how long old answers live, and the way back. `linkproof deploy` then takes it.
    """
    if lower_ttl and raise_ttl is not None:
        raise typer.BadParameter("--lower-ttl or --raise-ttl, one of the two")
    if lower_ttl or raise_ttl is not None:
        ttl = LOW_TTL_SECONDS if raise_ttl is None else raise_ttl
        _step(links, stack, lambda link, _: _with_ttl(link, ttl), dry_run=dry_run, as_json=as_json)
    else:
        _step(links, stack, _forwards, dry_run=dry_run, as_json=as_json)


def retreat(links: Links, stack: Of = "", dry_run: DryRun = False, as_json: Json = False) -> None:
    """Write the phase before, likewise."""
    _step(links, stack, _backwards, dry_run=dry_run, as_json=as_json)


def _forwards(link: Link, declaration: Declaration) -> Written:
    from linkproof.plan.diff import next_phase

    following = next_phase(link, declaration)
    if following is None:
        why = (
            "it has no edge"
            if link.edge is None
            else "its record is an alias"
            if link.is_alias
            else "that is the last phase of its edge"
        )
        raise LinkproofError(f"{link.key} is {link.phase}, and goes no further: {why}", "see `linkproof plan`")
    return Written(link.key, "phase", link.phase, following.phase)


def _backwards(link: Link, declaration: Declaration) -> Written:
    from linkproof.declaration.past import phases_of

    way = phases_of(link, declaration)
    if link.phase not in way or way.index(link.phase) == 0:
        raise LinkproofError(
            f"{link.key} is {link.phase}, and there is no phase before", "`linkproof retire` lets a branded link go"
        )
    return Written(link.key, "phase", link.phase, way[way.index(link.phase) - 1])


def _with_ttl(link: Link, seconds: int) -> Written:
    if link.ttl_seconds == seconds:
        raise LinkproofError(f"{link.key} has a TTL of {seconds} s already", "take the next step")
    return Written(link.key, "ttl_seconds", str(link.ttl_seconds), str(seconds))


def _step(
    named: Sequence[str], stack: str, choose: Callable[[Link, Declaration], Written], *, dry_run: bool, as_json: bool
) -> None:
    from linkproof.commands.guard import refusals_of
    from linkproof.discover.file import DeclarationFile
    from linkproof.engine.state import read_state

    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    engine, declaration = stack_declaration(stack)
    steps = [choose(link_of(declaration, key), declaration) for key in dict.fromkeys(named)]
    state, now = read_state(engine.export()), datetime.now(UTC)
    _refuse_waiting(steps, declaration, state)
    shown = str(engine.project.declaration_file(stack))
    file = DeclarationFile.open(Path(shown), shown, "")
    text, after = _after(file, steps)
    refusals = refusals_of(engine, after, state, now)
    said = [*_in_words(steps, declaration, after, state)]
    if not refusals and not dry_run:
        file.write(text)
    if as_json:
        _print_json(steps, said, refusals, written=not refusals and not dry_run)
    else:
        for line in said:
            print(line)
        for refusal in refusals:
            print(f"refused: {refusal}")
        print(_closing(engine, shown, refusals, dry_run=dry_run))
    raise typer.Exit(2 if refusals else 0)


def _refuse_waiting(steps: Sequence[Written], declaration: Declaration, state: State) -> None:
    """A step starts from what is deployed; a TTL is no step.

    Raises:
        LinkproofError: a link is deployed in another phase than it is declared in.
    """
    from linkproof.engine.guard.deployed import deployed_links

    keys = {step.link for step in steps if step.word == "phase"}
    for one in deployed_links(declaration, state):
        if one.link is not None and one.link.key in keys and one.past != {one.link.phase}:
            raise LinkproofError(
                f"{one.link.key} is declared {one.link.phase} and deployed {one.shown or 'not at all'}: nothing was changed",
                f"`linkproof deploy {state.stack}` first",
            )


def _after(file: DeclarationFile, steps: Sequence[Written]) -> tuple[str, Declaration]:
    """The text with the steps, and what it declares.

    Raises:
        DeclarationError: it has a problem that the one of before has not.
    """
    from linkproof.declaration.edit import with_values
    from linkproof.declaration.load import DeclarationError, load_text

    text = with_values(file.text, file.name, [(("links", step.link, step.word), step.after) for step in steps])
    loaded = load_text(text, file.name)
    if loaded.declaration is None:
        raise DeclarationError(file.name, loaded.problems)
    return text, loaded.declaration


def _in_words(steps: Sequence[Written], declaration: Declaration, after: Declaration, state: State) -> Iterator[str]:
    """What happens, how long old answers live, and the way back."""
    from linkproof.history.read import read_history
    from linkproof.plan.build import build
    from linkproof.plan.diff import diff_plans
    from linkproof.plan.words import clicks

    before_plan, after_plan = build(declaration), build(after)
    yield from map(str, steps)
    yield from clicks(before_plan, after_plan)
    yield from (f"  {change}" for change in diff_plans(before_plan, after_plan))
    history = read_history(state)
    for step in steps:
        link = declaration.links[step.link]
        ttl = history.longest_ttl_seconds(f"{link.click_host}/CNAME") if history.problem is None else None
        propagation = declaration.zone_of(link.click_host).propagation_seconds
        if ttl is not None:
            yield (
                f"{link.key}: after the deployment resolvers may give the old answer for {ttl + propagation} s"
                f" (TTL {ttl} s, servers follow within {propagation} s)"
            )
        if step.word == "ttl_seconds" and int(step.after) < int(step.before):
            yield f"{link.key}: wait as long after the deployment, then `linkproof advance {link.key} -s {state.stack}`"
    back = " ".join(step.link for step in steps)
    if all(step.word == "phase" for step in steps):
        yield f"the way back: `linkproof {'retreat' if _is_forwards(steps) else 'advance'} {back} -s {state.stack}`, and deploy that"


def _is_forwards(steps: Sequence[Written]) -> bool:
    from linkproof.contract.declared import PHASES

    order: tuple[str, ...] = PHASES
    return order.index(steps[0].after) > order.index(steps[0].before)


def _closing(engine: Engine, shown: str, refusals: Sequence[Refusal], *, dry_run: bool) -> str:
    file = engine.project.shown(Path(shown))
    if refusals:
        return f"{file} is as it was"
    return f"{file} would say so" if dry_run else f"{file} says so; next: `linkproof deploy {engine.stack}`"


def _print_json(steps: Sequence[Written], said: Sequence[str], refusals: Sequence[Refusal], *, written: bool) -> None:
    print_json(
        {
            "version": 1,
            "steps": [{"link": one.link, one.word: {"from": one.before, "to": one.after}} for one in steps],
            "says": list(said),
            "refusals": [refusal.to_json() for refusal in refusals],
            "written": written,
        }
    )
