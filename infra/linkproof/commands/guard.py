"""`linkproof guard`: refuses a deployment that would skip a phase, move or tear down what is in use."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from linkproof.commands.options import Json, Stack, print_json, seconds, stack_declaration
from linkproof.errors import LinkproofError
from linkproof.words import counted

if TYPE_CHECKING:
    from linkproof.contract.guard import ClientOf
    from linkproof.contract.state import State
    from linkproof.declaration.model import Declaration
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Refusal, Step
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
    engine, declaration = stack_declaration(stack)
    refusals, taken, _ = judged(engine, declaration, seconds(wait), is_new=new)
    if as_json:
        print_json(
            {
                "version": 1,
                "refusals": [refusal.to_json() for refusal in refusals],
                "allowed": [step.to_json() for step in taken],
            }
        )
    else:
        for line in in_words(refusals, taken, declaration):
            print(line)
    raise typer.Exit(2 if refusals else 0)


def judged(
    engine: Engine,
    declaration: Declaration,
    wait_seconds: float,
    *,
    is_new: bool = False,
    read: dict[str, Any] | None = None,
) -> tuple[list[Refusal], list[Step], dict[str, Any]]:
    """What is refused of deploying this, the steps that are taken where nothing is, and the state document that was judged.

    Args:
        wait_seconds: so long it waits at most for what time alone will allow.
        is_new: the stack may not exist yet.
        read: the state document, where the caller has just read it; whoever waits reads it again.

    Raises:
        LinkproofError: there is no such stack, or a vendor cannot be asked.
    """
    from linkproof.engine.guard import steps
    from linkproof.engine.move.journal import refuse_half_moved
    from linkproof.engine.state import read_state

    refuse_half_moved(engine.project, engine.stack)
    patience, deadline = timedelta(seconds=wait_seconds), None
    while True:
        document = _document(engine, is_new=is_new) if read is None else read
        read = None
        state = read_state(document)
        now = datetime.now(UTC)
        deadline = deadline or now + patience  # from the first look, whose moment is what is waited from
        refusals = refusals_of(engine, declaration, state, now)
        until = _allowed_from(refusals)
        if until is None or until > deadline:
            return refusals, [] if refusals else steps(declaration, state), document
        print(f"waiting until {until.isoformat(timespec='seconds')}: {refusals[0]}", file=sys.stderr, flush=True)
        time.sleep(max(0.0, (until - datetime.now(UTC)).total_seconds()))


def in_words(refusals: Sequence[Refusal], taken: Sequence[Step], declaration: Declaration) -> Iterator[str]:
    """Lines for people."""
    yield from (f"refused: {refusal}" for refusal in refusals)
    yield from (f"allowed: {step}" for step in taken)
    if refusals:
        return
    links = counted(len(declaration.links), "link")
    if taken:
        yield f"guard: {links}, {counted(len(taken), 'step')}, every one is allowed"
    else:
        yield f"guard: {links}, none of them steps, nothing is refused"


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
        f"choose the backend that has it; for its first deployment run `pulumi stack init {engine.stack}`, or add --new to `linkproof guard`",
    )


def refusals_of(engine: Engine, declaration: Declaration, state: State, now: datetime) -> list[Refusal]:
    """What is refused of deploying this declaration over this state, with DNS and the vendors asked."""
    from linkproof.engine.clients import Clients
    from linkproof.engine.guard import judge, judge_at_vendors
    from linkproof.engine.guard.listening import listener
    from linkproof.engine.guard.sightings import Sightings
    from linkproof.engine.own_requests import OwnRequests
    from linkproof.plan.build import build

    sightings = Sightings(engine.project.work_dir(engine.stack) / SIGHTINGS_FILE, state.written_at)

    def ask(questions: Sequence[Question]) -> Mapping[str, Answer]:
        from linkproof.commands.verify import verify_options

        options = verify_options(engine.project, declaration)
        return sightings.remember(questions, lambda those: _ask(those, options), now)

    plan = build(declaration)
    clients = Clients.when_asked(engine)
    client: ClientOf = lambda vendor, account: clients().client(vendor, account)  # noqa: E731
    own = OwnRequests(engine.project.work_dir(engine.stack)).read()
    refusals = judge(declaration, plan, state, now, ask, listener(state, client, own, now))
    refusals += judge_at_vendors(plan, state, client)
    return refusals + _unproven(engine, declaration, state, now, client, refusals)


def _unproven(
    engine: Engine, declaration: Declaration, state: State, now: datetime, client: ClientOf, refusals: Sequence[Refusal]
) -> list[Refusal]:
    """Edges that clicks would be led to without a proof of this hour: what was not probed lately is probed here."""
    from linkproof.engine.guard import Proof, arrivals, judge_arrivals
    from linkproof.engine.guard.deployed import deployed_links

    refused = {refusal.host for refusal in refusals}
    links = [one for one in deployed_links(declaration, state) if one.host not in refused]
    arriving = arrivals(links, declaration, state)

    def prove(keys: Sequence[str]) -> Mapping[str, Proof]:
        from linkproof.commands.verify import verify_options
        from linkproof.engine.own_requests import OwnRequests
        from linkproof.engine.probe import Proofs, probe

        proofs = Proofs(engine.project.work_dir(engine.stack))
        known = proofs.read()
        lasting = {
            key: proof
            for key, proof in known.items()
            if key in keys and proof.stands(edge(key), arriving[key].host, state.written_at, now)
        }
        missing = [key for key in keys if key not in lasting]
        if missing:
            options, own = (
                verify_options(engine.project, declaration),
                OwnRequests(engine.project.work_dir(engine.stack)),
            )
            found, _ = probe(declaration, missing, state, options, client, now, own)
            proofs.keep(found)
            lasting |= found
        return lasting

    def edge(key: str) -> str:
        found = declaration.edge_of(declaration.links[key])
        return found.provider if found is not None else ""

    return list(judge_arrivals(arriving, state, prove))


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
