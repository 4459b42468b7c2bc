"""`linkproof deploy`: one deployment from what an interrupted one left to the verdict, with the gate in between."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from linkproof.commands.options import Json, print_json, seconds, stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.changes import Change
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Refusal

PARTS = ("recover", "guard", "preview", "up", "expectations", "verify")


def register(app: typer.Typer) -> None:
    app.command()(deploy)


def deploy(
    stacks: Annotated[list[str] | None, typer.Argument(help="Stacks of this project.", metavar="STACK…")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every stack of the project.")] = False,
    at_once: Annotated[
        int | None,
        typer.Option(
            "--parallel", min=1, help="Of several stacks so many at once, where they share no zone and no account."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Deploy without asking; in the lab nobody is asked.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="End after the preview.")] = False,
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Read every object again first, so that what drifted is set back.")
    ] = False,
    wait: Annotated[str, typer.Option(help="How long `verify` polls what is not yet right.")] = "2m",
    guard_wait: Annotated[
        str, typer.Option(help="Wait for what time alone will allow, for example 10m, and ask the guard again.")
    ] = "0s",
    allow: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Set a rule aside for this deployment: preview.many.")
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(metavar="FORMAT=FILE", help="A report of the verification, as `verify` writes it."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recover, guard, preview, `pulumi up`, expectations, verify. The exit code is verify's; 2 when something is refused or fails.

    Where nothing changes, the engine is not started a second time. Several stacks are each a deployment of its own: what stops one
    stops no other, and the worst exit code counts.
    """
    from linkproof.commands.reports import parse_reports
    from linkproof.commands.stacks import named_or_every

    # what is wrong in an option is said before anything is deployed
    parse_reports(report or [], as_json=False)
    seconds(wait), seconds(guard_wait)
    allowed = _allowed(allow or [])
    wanted = named_or_every(stacks or [], every=every)
    if every or len(wanted) > 1:
        if report:
            raise typer.BadParameter("--report is of one stack; each leaves .linkproof/STACK/verify.json")
        options = [f"--wait={wait}", f"--guard-wait={guard_wait}", *(f"--allow={rule}" for rule in allowed)]
        options += [name for name, on in (("--yes", yes), ("--dry-run", dry_run), ("--refresh", refresh)) if on]
        _several(wanted, options, at_once, is_asked=yes or dry_run, as_json=as_json)
    (stack,) = wanted
    engine, declaration = stack_declaration(stack)
    document: dict[str, Any] = {"version": 1, "stack": stack, "refusals": [], "changes": [], "deployed": False}
    # beside a document on standard output everything for people goes to standard error
    with contextlib.redirect_stdout(sys.stderr) if as_json else contextlib.nullcontext():
        code = _deploy(
            engine,
            declaration,
            document,
            allowed=allowed,
            yes=yes or declaration.lab,
            dry_run=dry_run,
            options=("--refresh",) if refresh else (),
            guard_wait_seconds=seconds(guard_wait),
            wait=wait,
            report=report,
        )
    if as_json:
        print_json({**document, "exit": code})
    raise typer.Exit(code)


def _several(
    stacks: Sequence[str], options: Sequence[str], at_once: int | None, *, is_asked: bool, as_json: bool
) -> NoReturn:
    """Raises:
    LinkproofError: one of them would have to ask.
    """
    from linkproof.commands.deploy_all import deploy_all
    from linkproof.commands.side_by_side import at_once_by_default
    from linkproof.declaration.load import load
    from linkproof.project import Project

    project = Project.find()
    for stack in () if is_asked else stacks:
        declaration = load(project.declaration_file(stack)).declaration
        if declaration is not None and not declaration.lab:
            raise LinkproofError(
                f"several stacks are deployed without a question, and {stack} would ask",
                "say --yes, or --dry-run to look only",
            )
    found, code = deploy_all(project, stacks, options, at_once or at_once_by_default(), as_json=as_json)
    if as_json:
        print_json({"version": 1, "stacks": [one.to_json() for one in found], "exit": code})
    raise typer.Exit(code)


def _deploy(
    engine: Engine,
    declaration: Declaration,
    document: dict[str, Any],
    *,
    allowed: frozenset[str],
    yes: bool,
    dry_run: bool,
    options: tuple[str, ...],
    guard_wait_seconds: float,
    wait: str,
    report: list[str] | None,
) -> int:
    from linkproof.commands.guard import in_words, judged
    from linkproof.engine.changes import shown
    from linkproof.engine.move.journal import refuse_half_moved

    stack = engine.stack
    refuse_half_moved(engine.project, stack)
    _head("recover")
    _recover(engine, declaration)
    _head("guard")
    refusals, taken, before = judged(engine, declaration, guard_wait_seconds)
    for line in in_words(refusals, taken, declaration):
        print(line, flush=True)
    if refusals:
        return _refused(document, refusals)
    _head("preview")
    found, refusals = _preview(engine, declaration, before, allowed, options)
    document["changes"] = [change.to_json() for change in found]
    for line in shown(found):
        print(line)
    for refusal in refusals:
        print(f"refused: {refusal}")
    if refusals:
        return _refused(document, refusals)
    # a refresh may change what the state knows, and no step says so
    is_needed = bool(found or options) or _exports_change(declaration, before)
    if not is_needed:
        print("nothing has to change", flush=True)
    elif not found and not options:
        print("no resource changes; what the stack exports does", flush=True)
    if dry_run:
        return 0
    if is_needed:
        _ask(stack, found, yes=yes)
    _head("up")
    if not is_needed:
        print("not needed", flush=True)
    else:
        _refuse_changed(engine, declaration, before)
        _up(engine, declaration, found, before, options)
        document["deployed"] = True
    _head("expectations")
    _expectations(stack)
    _head("verify")
    return _verify(stack, wait, report)


def _head(part: str) -> None:
    number, total = PARTS.index(part) + 1, len(PARTS)
    print(f"\n[{number}/{total}] {part}", flush=True)


def _allowed(given: Sequence[str]) -> frozenset[str]:
    from linkproof.engine.guard.previewed import ALLOWABLE

    unknown = [rule for rule in given if rule not in ALLOWABLE]
    if unknown:
        raise typer.BadParameter(f"--allow {unknown[0]}: only {', '.join(ALLOWABLE)} can be set aside")
    return frozenset(given)


def _recover(engine: Engine, declaration: Declaration) -> None:
    """Only the lab may be made without a person: elsewhere a missing stack is the wrong backend, and the guard says so."""
    from linkproof.engine.clients import Clients
    from linkproof.engine.recover import recover

    if not recover(engine, Clients.when_asked(engine), lambda said: print(f"recover: {said}", flush=True)):
        print("recover: nothing was interrupted", flush=True)
    if declaration.lab and engine.export_if_any() is None:
        engine.must("stack", "init", engine.stack)


def _preview(
    engine: Engine, declaration: Declaration, before: dict[str, Any], allowed: frozenset[str], options: tuple[str, ...]
) -> tuple[list[Change], list[Refusal]]:
    from linkproof.engine.changes import changes
    from linkproof.engine.guard.previewed import judge_preview
    from linkproof.engine.preview import preview
    from linkproof.engine.state import read_state

    found = changes(preview(engine, *options).steps)
    return found, judge_preview(found, before, read_state(before), declaration, allowed)


def _exports_change(declaration: Declaration, before: dict[str, Any]) -> bool:
    from linkproof.engine.deploy.outputs import outputs_change
    from linkproof.engine.state import read_state
    from linkproof.plan.build import build

    state = read_state(before)
    return bool(state.pending or state.leaving) or outputs_change(build(declaration), state)


def _refused(document: dict[str, Any], refusals: Sequence[Refusal]) -> int:
    document["refusals"] = [refusal.to_json() for refusal in refusals]
    print("nothing was deployed", flush=True)
    return 2


def _ask(stack: str, found: Sequence[Change], *, yes: bool) -> None:
    """Raises:
    LinkproofError: nobody can be asked, or the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise LinkproofError(
            "nobody can be asked here, and nothing was deployed", "say --yes, or --dry-run to look only"
        )
    if not typer.confirm(f"deploy {len(found)} changes to {stack}?", err=True):
        raise LinkproofError("nothing was deployed", "run it again when it is to be")


def _refuse_changed(engine: Engine, declaration: Declaration, before: dict[str, Any]) -> None:
    """The engine reads the file again, and the state: what it deploys must be what was judged.

    Raises:
        LinkproofError: one of them has changed meanwhile.
    """
    from linkproof.declaration.fingerprint import fingerprint
    from linkproof.engine.state import read_state

    _, now = stack_declaration(engine.stack)
    is_same = fingerprint(now) == fingerprint(declaration)
    if not is_same or read_state(engine.export()).written_at != read_state(before).written_at:
        what = "somebody has deployed" if is_same else "the declaration has changed"
        raise LinkproofError(
            f"{what} since it was judged, and nothing was deployed", f"run `linkproof deploy {engine.stack}` again"
        )


def _up(
    engine: Engine,
    declaration: Declaration,
    found: Sequence[Change],
    before: dict[str, Any],
    options: tuple[str, ...],
) -> None:
    """Never without the engine's own preview: without it the engine carries out what it can before it meets what is protected.

    Raises:
        LinkproofError: it did not end well; what stands has been said.
    """
    from linkproof.engine.deploy.foreground import run_in_foreground

    arguments = ("up", "--stack", engine.stack, "--yes", "--suppress-outputs", *options)
    code, was_asked_to_end = run_in_foreground(engine, *arguments)
    if code == 0 and not was_asked_to_end:
        return
    try:
        _stands(engine, declaration, found, before)
    except (LinkproofError, OSError) as error:
        print(f"what stands could not be read: {error}", file=sys.stderr)
    ended = f"`pulumi up` {'was interrupted and ' if was_asked_to_end else ''}ended with {code}"
    _failed(engine, declaration, ended)


def _stands(engine: Engine, declaration: Declaration, found: Sequence[Change], before: dict[str, Any]) -> None:
    from linkproof.engine.deploy.standing import in_words, standing
    from linkproof.engine.state import read_state

    after = engine.export()
    print("\nWhat stands")
    for line in in_words(standing(found, before, after), declaration, read_state(after)):
        print(f"  {line}", flush=True)
    # what exists already in the way of a create is found here, and what to publish by hand is printed
    with contextlib.suppress(LinkproofError):
        _expectations(engine.stack)


def _failed(engine: Engine, declaration: Declaration, ended: str) -> NoReturn:
    again = f"correct the cause and run `linkproof deploy {engine.stack}` again: it begins with what was interrupted"
    back = f"to go back write the phase of before (`linkproof retreat LINK -s {engine.stack}`) and deploy that"
    lab = f"; if .linkproof/{engine.stack} or .linkproof/lab was deleted, state and lab no longer match: `make clean` starts anew"
    raise LinkproofError(ended, f"{again}; {back}{lab if declaration.lab else ''}")


def _expectations(stack: str) -> None:
    from linkproof.commands.expectations import expectations

    expectations(stack)


def _verify(stack: str, wait: str, report: list[str] | None) -> int:
    from linkproof.commands.verify import verify

    try:
        verify(stack, wait=wait, report=report)
    except typer.Exit as end:
        if end.exit_code == 4:
            print(
                f"nothing is wrong: caches may hold the old answers until the time above; then run `linkproof verify {stack}`"
            )
        return end.exit_code
    return 0
