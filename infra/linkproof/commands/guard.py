"""`linkproof guard`: refuses a deployment that would skip a phase, move or tear down what is in use."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, Stack, print_json, seconds, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.state import State
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Refusal
    from linkproof.engine.guard.asking import Answer, Question
    from linkproof.verify.options import VerifyOptions

SIGHTINGS_FILE = "sightings.json"


def register(app: typer.Typer) -> None:
    app.command()(guard)


def guard(
    stack: Stack,
    wait: Annotated[
        str, typer.Option(help="Wait for what time alone will allow, for example 10m, and ask again.")
    ] = "0s",
    new: Annotated[
        bool, typer.Option("--new", help="The stack may not exist yet: this is its first deployment.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Judge each change against the last outputs, the state and DNS. Exit code 2 when one is refused."""
    from linkproof.engine.guard import steps
    from linkproof.engine.state import read_state

    engine, declaration = stack_declaration(stack)
    patience, deadline = timedelta(seconds=seconds(wait)), None
    while True:
        state = read_state(_document(engine, is_new=new))
        now = datetime.now(UTC)
        deadline = deadline or now + patience  # from the first look, whose moment is what is waited from
        refusals = refusals_of(engine, declaration, state, now)
        until = _allowed_from(refusals)
        if until is None or until > deadline:
            break
        print(f"waiting until {until.isoformat(timespec='seconds')}: {refusals[0]}", file=sys.stderr, flush=True)
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))
    taken = [] if refusals else steps(declaration, state)
    if as_json:
        print_json(
            {
                "version": 1,
                "refusals": [refusal.to_json() for refusal in refusals],
                "allowed": [step.to_json() for step in taken],
            }
        )
    else:
        for refusal in refusals:
            print(f"refused: {refusal}")
        for step in taken:
            print(f"allowed: {step}")
        if not refusals:
            links, stepping = len(declaration.links), len(taken)
            print(
                f"guard: {links} link{'s' * (links != 1)}, {stepping or 'no'} step{'s' * (stepping != 1)}, every one is allowed"
                if taken
                else f"guard: {links} link{'s' * (links != 1)}, none of them steps, nothing is refused"
            )
    raise typer.Exit(2 if refusals else 0)


def _document(engine: Engine, *, is_new: bool) -> dict[str, Any]:
    """What the last deployment left.

    Raises:
        LinkproofError: the backend has no such stack, and nobody said that this is its first deployment.
    """
    document = engine.export_if_any()
    if document is not None:
        return document
    if is_new:
        return {}
    backend = engine.environment().get("PULUMI_BACKEND_URL") or "the backend that `pulumi login` chose"
    raise LinkproofError(
        f"{backend} has no stack {engine.stack}, so nothing is known of what is deployed",
        f"choose the backend that has it; for its first deployment run `pulumi stack init {engine.stack}`, or add --new",
    )


def refusals_of(engine: Engine, declaration: Declaration, state: State, now: datetime) -> list[Refusal]:
    """What is refused of deploying this declaration over this state, with DNS and the vendors asked."""
    from linkproof.engine.clients import Clients
    from linkproof.engine.guard import judge, judge_at_vendors
    from linkproof.engine.guard.sightings import Sightings
    from linkproof.plan.build import build

    sightings = Sightings(engine.project.work_dir(engine.stack) / SIGHTINGS_FILE, state.written_at)

    def ask(questions: Sequence[Question]) -> Mapping[str, Answer]:
        from linkproof.commands.verify import verify_options

        options = verify_options(engine.project, declaration)
        return sightings.remember(questions, lambda those: _ask(those, options), now)

    plan = build(declaration)
    refusals = judge(declaration, plan, state, now, ask)
    clients = Clients.when_asked(engine)
    asked = judge_at_vendors(plan, state, lambda vendor, account: clients().client(vendor, account))
    return refusals + asked


def _ask(questions: Sequence[Question], options: VerifyOptions) -> dict[str, Answer]:
    from linkproof.engine.guard.asking import answer_of
    from linkproof.verify.authorities import ask_authorities

    names = [name for question in questions for name in sorted(question.names)]
    served, addresses = ask_authorities([question.host for question in questions], names, options)
    return {
        question.host: answer_of(
            question,
            served[question.host],
            frozenset(address for name in question.names for address in addresses[name]),
        )
        for question in questions
    }


def _allowed_from(refusals: Sequence[Refusal]) -> datetime | None:
    """The moment from which nothing is refused any more; None where waiting alone does not help."""
    moments = [refusal.until for refusal in refusals]
    known = [moment for moment in moments if moment is not None]
    return max(known) if known and len(known) == len(moments) else None
