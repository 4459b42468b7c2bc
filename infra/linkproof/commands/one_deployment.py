"""One deployment from what an interrupted one left to the verdict, with the gate in between."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from linkproof.commands.options import stack_declaration
from linkproof.errors import LinkproofError

if TYPE_CHECKING:
    from linkproof.declaration.model import Declaration
    from linkproof.engine.changes import Change
    from linkproof.engine.cli import Engine
    from linkproof.engine.guard import Refusal
    from linkproof.engine.preview import Coming

PARTS = ("recover", "guard", "preview", "up", "expectations", "verify")


def deploy_one(
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
    """Deploy one stack, part by part, and tell of each.

    Args:
        document: what `--json` prints; refusals, changes and whether it deployed are written into it.
        allowed: rules that are set aside.
        options: more of the engine's.

    Returns:
        the exit code.

    Raises:
        LinkproofError: something fails, or nobody can be asked.
    """
    from linkproof.commands.expectations import write_and_tell
    from linkproof.commands.guard import in_words, judged
    from linkproof.engine.changes import shown
    from linkproof.engine.move.journal import refuse_half_moved

    stack = engine.stack
    refuse_half_moved(engine.project, stack)
    _head("recover")
    known = _recover(engine, declaration)
    with _previewing(engine, known, options) as coming:
        _head("guard")
        refusals, taken, before = judged(engine, declaration, guard_wait_seconds, read=known)
        for line in in_words(refusals, taken, declaration):
            print(line, flush=True)
        if refusals:
            return _refused(document, refusals)
        _head("preview")
        if not dry_run:
            _import_ahead()
        # whoever has waited has read the state again, and the preview that ran beside is of the one before
        found = _changes(coming if before is known else None, engine, options)
    refusals = _judge_preview(found, before, declaration, allowed)
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
    # what was not deployed has left the state as it was judged; and nothing can stand in the way of what is deployed whole
    write_and_tell(engine, declaration, engine.export() if is_needed else before)
    _head("verify")
    return _verify(stack, wait, report)


def _head(part: str) -> None:
    number, total = PARTS.index(part) + 1, len(PARTS)
    print(f"\n[{number}/{total}] {part}", flush=True)


def _recover(engine: Engine, declaration: Declaration) -> dict[str, Any] | None:
    """The state document after it; None where there is no such stack.

    Only the lab may be made without a person: elsewhere a missing stack is the wrong backend, and the guard says so.
    """
    from linkproof.engine.clients import Clients
    from linkproof.engine.recover import recover

    done = recover(engine, Clients.when_asked(engine), lambda said: print(f"recover: {said}", flush=True))
    if not done.acted:
        print("recover: nothing was interrupted", flush=True)
    if declaration.lab and done.document is None:
        engine.must("stack", "init", engine.stack)
        return engine.export()
    return done.document


def _previewing(
    engine: Engine, known: dict[str, Any] | None, options: tuple[str, ...]
) -> contextlib.AbstractContextManager[Coming | None]:
    """The preview begins while the guard asks: it only reads, and nothing of it is told or used before the guard has said yes."""
    from linkproof.engine.preview import coming

    return contextlib.nullcontext() if known is None else coming(engine, *options)


def _changes(coming: Coming | None, engine: Engine, options: tuple[str, ...]) -> list[Change]:
    from linkproof.engine.changes import changes
    from linkproof.engine.preview import preview

    return changes((coming.preview() if coming is not None else preview(engine, *options)).steps)


def _import_ahead() -> None:
    """What `verify` needs, while the engine works: it is another core's time."""
    import linkproof.shards.run
    import linkproof.standing.certificates
    import linkproof.verify.report.text  # noqa: F401


def _judge_preview(
    found: Sequence[Change], before: dict[str, Any], declaration: Declaration, allowed: frozenset[str]
) -> list[Refusal]:
    from linkproof.engine.guard.previewed import judge_preview
    from linkproof.engine.state import read_state

    return judge_preview(found, before, read_state(before), declaration, allowed)


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
    from linkproof.commands.expectations import in_the_way, write_and_tell
    from linkproof.engine.deploy.standing import in_words, standing
    from linkproof.engine.state import read_state

    after = engine.export()
    print("\nWhat stands")
    for line in in_words(standing(found, before, after), declaration, read_state(after)):
        print(f"  {line}", flush=True)
    # what exists already in the way of a create is found here, and what to publish by hand is printed
    with contextlib.suppress(LinkproofError):
        write_and_tell(engine, declaration, after)
        for line in in_the_way(engine):
            print(line)


def _failed(engine: Engine, declaration: Declaration, ended: str) -> NoReturn:
    again = f"correct the cause and run `linkproof deploy {engine.stack}` again: it begins with what was interrupted"
    back = f"to go back write the phase of before (`linkproof retreat LINK -s {engine.stack}`) and deploy that"
    lab = f"; if .linkproof/{engine.stack} or .linkproof/lab was deleted, state and lab no longer match: `make clean` starts anew"
    raise LinkproofError(ended, f"{again}; {back}{lab if declaration.lab else ''}")


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
