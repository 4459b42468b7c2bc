"""`linkproof diff`: what a change of the declaration would change outside, without credentials."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from linkproof.commands.options import Json, print_json, require_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.pull_request.compared import Compared
    from linkproof.pull_request.engine_steps import EnginePreview


def register(app: typer.Typer) -> None:
    app.command()(diff)


def diff(
    base: Annotated[str, typer.Argument(help="A declaration: FILE or REV:path. With --markdown also a revision.")],
    head: Annotated[
        str,
        typer.Argument(
            help="A declaration: FILE or REV:path. With --markdown also a revision, or . for the working tree."
        ),
    ],
    markdown: Annotated[
        bool,
        typer.Option(
            "--markdown", help="Write a pull request's comment: of two revisions, every stack of the project."
        ),
    ] = False,
    run_program: Annotated[
        bool,
        typer.Option(
            "--run-program",
            help="Run the working tree's program too, without an engine: it must not fail. With --markdown.",
        ),
    ] = False,
    preview: Annotated[
        list[str] | None,
        typer.Option(
            help="A stack to run `pulumi preview` of as well, with your credentials; may repeat. With --markdown.",
            metavar="STACK",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Print what a change means for clicks, then every object that it changes.

    With --markdown exit code 1 says that it is refused as it is, 2 that a declaration cannot be read, and 0 everything else.
    """
    if markdown:
        if as_json:
            raise typer.BadParameter("--markdown and --json are two documents: choose one")
        raise typer.Exit(_comment(base, head, run_program=run_program, preview=preview or []))
    if run_program or preview:
        raise typer.BadParameter("--run-program and --preview belong to --markdown")
    _print(base, head, as_json=as_json)


def _print(base: str, head: str, *, as_json: bool) -> None:
    from linkproof.plan.build import build
    from linkproof.plan.diff import diff_plans
    from linkproof.plan.words import clicks

    before, after = build(require_source(base)), build(require_source(head))
    changes, said = diff_plans(before, after), list(clicks(before, after))
    if as_json:
        print_json({"version": 1, "clicks": said, "changes": [asdict(change) for change in changes]})
        return
    if changes:
        print("\n".join(said or ["nothing changes for a click"]))
        print()
    for change in changes:
        print(change)
    if not changes:
        print("no difference outside")


def _comment(base: str, head: str, *, run_program: bool, preview: Sequence[str]) -> int:
    from linkproof.pull_request.comment import render
    from linkproof.pull_request.compared import compared
    from linkproof.pull_request.stacks import WORKING_TREE, pairs
    from linkproof.pull_request.trial import try_program

    if (run_program or preview) and head != WORKING_TREE:
        raise typer.BadParameter("what is run is the working tree: write `.` for HEAD")
    stacks = [compared(pair) for pair in pairs(base, head)]
    trials = []
    if run_program:
        from linkproof import extras
        from linkproof.project import Project

        extras.require(extras.DEPLOY)
        readable = [one.pair.stack for one in stacks if one.pair.is_stack and one.pair.head.declaration is not None]
        trials = [try_program(Project.find(), stack) for stack in readable]
    previews = [_preview_of(stack) for stack in preview]
    print(render(stacks, trials, previews), end="")
    return _exit_code(stacks, failed=any(one.error for one in trials) or any(one.error for one in previews))


def _preview_of(stack: str) -> EnginePreview:
    from linkproof.commands.options import stack_declaration
    from linkproof.errors import LinkproofError
    from linkproof.pull_request.engine_steps import EnginePreview, preview_of

    try:
        return preview_of(stack_declaration(stack)[0])
    except LinkproofError as error:  # of one stack: the others are still shown
        return EnginePreview(stack, error=error.problem)


def _exit_code(stacks: Sequence[Compared], *, failed: bool) -> int:
    if any(one.has_errors for one in stacks):
        return 2
    return 1 if failed or any(one.is_refused for one in stacks) else 0
