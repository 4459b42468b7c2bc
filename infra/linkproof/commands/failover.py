"""`linkproof failover`: leads a link to its standby, in one deployment that does nothing else."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.contract.declared import Link
    from linkproof.declaration.model import Declaration
    from linkproof.discover.file import DeclarationFile
    from linkproof.engine.cli import Engine
    from linkproof.engine.lifetime import AnswerLifetime
    from linkproof.verify.result import VerificationResult


def register(app: typer.Typer) -> None:
    app.command()(failover)


def failover(
    link: Annotated[str, typer.Argument(help="A link with a standby, by its key or click host.", metavar="LINK")],
    stack: Annotated[str, typer.Option("--stack", "-s", help="The stack that has it.")] = "",
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Move it without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would do, and do nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Lead the click host to the link's standby: `edge` and `standby` change places in the file, and that is deployed.

    The standby is asked once more first, and the guard; exit code 2 when either refuses.
    """
    from linkproof.discover.file import DeclarationFile
    from linkproof.plan.build import build
    from linkproof.plan.diff import diff_plans
    from linkproof.plan.words import clicks, once_left

    if not stack:
        raise typer.BadParameter("name the stack: --stack dev")
    engine, declaration = stack_declaration(stack)
    moving = _link(declaration, link)
    shown = str(engine.project.declaration_file(stack))
    file = DeclarationFile.open(Path(shown), shown, "")
    text, after = _after(file, moving)
    _nothing_else(engine)
    before_plan, after_plan = build(declaration), build(after)
    said, changes = list(clicks(before_plan, after_plan)), diff_plans(before_plan, after_plan)
    proof = _proof(engine, declaration, moving)
    _refuse_unproven(moving, proof)
    _keep(engine, declaration, moving)
    _guard(engine, after)
    unseen = [*dict.fromkeys(one.reason for one in proof.could_not_check), *(one.reason for one in proof.unprobed)]
    if not as_json:
        for line in (*said, *(f"  {change}" for change in changes), *(f"not proven: {one}" for one in unseen)):
            print(line)
    if dry_run:
        if as_json:
            print_json(_document(moving, said, unseen, None, moved=False))
        return
    if not yes:
        _ask(moving)
    file.write(text)
    _deploy(engine, after, shown)
    lifetime = _lifetime(engine, after, moving)
    if as_json:
        print_json(_document(moving, said, unseen, lifetime, moved=True))
        return
    print(f"{moving.click_host} is led to {moving.standby}; {shown} says so")
    if lifetime is not None:
        (left,) = [one for one in before_plan.links if one.key == moving.key]
        stays = once_left(left) or "it stands by, and answers until then and after"
        until = lifetime.until.isoformat(timespec="seconds")
        print(f"resolvers may lead clicks to {moving.edge} until {until}: {lifetime.why}; {stays}")
    print(f"next: `linkproof verify {stack}`; the way back is the same command")


def _link(declaration: Declaration, named: str) -> Link:
    """Raises:
    LinkproofError: there is no such link, or it has no standby.
    """
    by_host = {link.click_host.text: link for link in declaration.links.values()}
    link = declaration.links.get(named) or by_host.get(named)
    if link is None:
        raise LinkproofError(f"{named} is no link", f"name one of: {', '.join(declaration.links)}")
    if link.standby is None:
        raise LinkproofError(
            f"{link.key} has no standby", "write `standby: EDGE` beside its `edge`, deploy, and verify (docs/moving.md)"
        )
    return link


def _after(file: DeclarationFile, link: Link) -> tuple[str, Declaration]:
    """The text with the two edges exchanged, and what it declares.

    Raises:
        DeclarationError: it has a problem that the one of before has not.
    """
    from linkproof.declaration.exchange import exchanged
    from linkproof.declaration.load import DeclarationError, load_text

    text = exchanged(file.text, file.name, link.key)
    loaded = load_text(text, file.name)
    if loaded.declaration is None:
        raise DeclarationError(file.name, loaded.problems)
    return text, loaded.declaration


def _nothing_else(engine: Engine) -> None:
    """A failover deploys the whole file, so nothing else in it may be waiting.

    Raises:
        LinkproofError: something is.
    """
    from linkproof.engine.preview import preview
    from linkproof.engine.state import STACK_TYPE

    waiting = [
        str(step["urn"]).rpartition("::")[2]
        for step in preview(engine).steps
        if step["op"] not in ("same", "read") and f"::{STACK_TYPE}::" not in step["urn"]
    ]
    if waiting:
        some = ", ".join(dict.fromkeys(waiting[:3])) + (" …" if len(waiting) > 3 else "")
        raise LinkproofError(
            f"the declaration has changes that are not deployed ({some}), and would go out with this",
            "deploy them, or take them back, first",
        )


def _proof(engine: Engine, declaration: Declaration, link: Link) -> VerificationResult:
    """What the standby shows now, at its own addresses. Canaries are not followed: they are clicks."""
    from linkproof.commands.options import stack_document
    from linkproof.commands.verify import verify_options
    from linkproof.engine.own_requests import OwnRequests, sent_to_edges
    from linkproof.expectations.model import parse
    from linkproof.verify.run import verify

    document = parse(stack_document(engine, declaration, engine.export()))
    prefix = f"{link.key}/standby"
    wanted = document.model_copy(
        update={
            "records": (),
            "previous": (),
            "caa": tuple(one for one in document.caa if one.id.startswith(prefix)),
            "endpoints": tuple(
                one.model_copy(update={"canaries": ()}) for one in document.endpoints if one.id == prefix
            ),
            "pending": tuple(one for one in document.pending if one.id in (prefix, "deployment")),
        }
    )
    result = verify(wanted, verify_options(engine.project, declaration))
    own = OwnRequests(engine.project.work_dir(engine.stack))
    own.keep(sent_to_edges(wanted, result), datetime.now(UTC))
    return result


def _refuse_unproven(link: Link, proof: VerificationResult) -> None:
    """Raises:
    LinkproofError: the standby shows a fault, so clicks would be lost there.
    """
    wrong = [finding for finding in proof.findings if finding.severity == "error"]
    if wrong:
        said = "; ".join(f"{one.rule}: {one.observed}" for one in wrong[:3])
        raise LinkproofError(
            f"{link.standby} cannot take {link.click_host} over: {said}",
            "mend it, and let `linkproof verify` prove it; the link stays where it is",
        )


def _keep(engine: Engine, declaration: Declaration, link: Link) -> None:
    """What was just proved need not be asked a second time by the guard."""
    from linkproof.engine.guard import Proof
    from linkproof.engine.probe import Proofs
    from linkproof.engine.state import read_state

    standby = declaration.standby_of(link)
    if standby is not None:
        written_at = read_state(engine.export()).written_at
        proof = Proof(standby.provider, link.click_host.text, written_at, datetime.now(UTC))
        Proofs(engine.project.work_dir(engine.stack)).keep({link.key: proof})


def _guard(engine: Engine, after: Declaration) -> None:
    """Raises:
    LinkproofError: the guard refuses.
    """
    from linkproof.commands.guard import refusals_of
    from linkproof.engine.state import read_state

    refusals = refusals_of(engine, after, read_state(engine.export()), datetime.now(UTC))
    if refusals:
        raise LinkproofError("; ".join(map(str, refusals)), "nothing was changed")


def _ask(link: Link) -> None:
    """Raises:
    LinkproofError: nobody can be asked, or the answer is no.
    """
    if not sys.stdin.isatty():
        raise LinkproofError(
            "nobody can be asked here, and nothing was changed", "say --yes, or --dry-run to look only"
        )
    if not typer.confirm(f"lead {link.click_host} to {link.standby}?"):
        raise LinkproofError("nothing was changed", "run it again when it is to move")


def _deploy(engine: Engine, after: Declaration, shown: str) -> None:
    from linkproof.commands.options import stack_document

    try:
        engine.must("up", "--stack", engine.stack, "--yes", "--suppress-outputs")
    except LinkproofError as error:
        fix = f"{shown} has the new edge: run `linkproof deploy {engine.stack}`, or exchange the two again"
        raise LinkproofError(f"the deployment did not end: {error.problem}", fix) from error
    stack_document(engine, after, engine.export())


def _lifetime(engine: Engine, after: Declaration, link: Link) -> AnswerLifetime | None:
    """Until when resolvers may lead clicks to the edge of before."""
    from linkproof.engine.lifetime import answers_live_until
    from linkproof.engine.state import read_state
    from linkproof.history.read import read_history

    state = read_state(engine.export())
    left = after.standby_of(after.links[link.key])
    assert left is not None
    propagation = after.zone_of(link.click_host).propagation_seconds
    return answers_live_until(
        link.click_host.text,
        propagation,
        state,
        read_history(state),
        datetime.now(UTC),
        frozenset({left.provider}),
    )


def _document(
    link: Link, said: list[str], unseen: list[str], lifetime: AnswerLifetime | None, *, moved: bool
) -> dict[str, object]:
    return {
        "version": 1,
        "link": link.key,
        "click_host": link.click_host.text,
        "from": link.edge,
        "to": link.standby,
        "moved": moved,
        "clicks": said,
        "not_proven": unseen,
        "old_answers_until": lifetime.until.isoformat(timespec="seconds") if lifetime is not None else None,
    }
