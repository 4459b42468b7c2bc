"""`linkproof deploy`: one stack's deployment, or that of several."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Sequence
from typing import Annotated, Any, NoReturn

import typer

from linkproof.commands.options import Json, print_json, seconds, stack_declaration
from linkproof.errors import LinkproofError


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
    from linkproof.commands.one_deployment import deploy_one
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
        code = deploy_one(
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


def _allowed(given: Sequence[str]) -> frozenset[str]:
    from linkproof.engine.guard.previewed import ALLOWABLE

    unknown = [rule for rule in given if rule not in ALLOWABLE]
    if unknown:
        raise typer.BadParameter(f"--allow {unknown[0]}: only {', '.join(ALLOWABLE)} can be set aside")
    return frozenset(given)
