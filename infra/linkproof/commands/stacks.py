"""The stacks of the project, for commands that take several or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from linkproof.errors import LinkproofError


def every_stack() -> list[str]:
    """Every stack with a config and a declaration, in the order of their names.

    Raises:
        LinkproofError: this is no project, or it has no stack.
    """
    from linkproof.project import Project

    project = Project.find()
    names = sorted(file.name[len("Pulumi.") : -len(".yaml")] for file in project.root.glob("Pulumi.*.yaml"))
    found = [name for name in names if project.declaration_file(name).is_file()]
    if not found:
        raise LinkproofError(
            f"no stack in {project.root} has a Pulumi.<stack>.yaml and a declaration",
            "name the declarations, or write stacks/<stack>.yaml",
        )
    return found


def named_or_every(named: Sequence[str], *, every: bool) -> list[str]:
    """The stacks that a command is about, each once.

    Raises:
        LinkproofError: none is named, or all of them and some as well.
    """
    if every and named:
        raise LinkproofError(f"--all, and {', '.join(named)}: one of the two is meant", "leave one of them out")
    if not every and not named:
        raise LinkproofError("which stacks are meant is not said", "name them, or say --all")
    return every_stack() if every else list(dict.fromkeys(named))


def every_declaration() -> list[str]:
    """Every stack, and behind them each file of `stacks/` that is no stack's yet.

    Raises:
        LinkproofError: this is no project, or it has neither.
    """
    from linkproof.project import Project

    project = Project.find()
    try:
        stacks = every_stack()
    except LinkproofError:
        stacks = []
    taken = {project.declaration_file(stack).resolve() for stack in stacks}
    others = [file for file in sorted((project.root / "stacks").glob("*.yaml")) if file.resolve() not in taken]
    here = Path.cwd()
    found = [*stacks, *(str(file.relative_to(here) if file.is_relative_to(here) else file) for file in others)]
    if not found:
        raise LinkproofError(f"{project.root} has no declaration", "name one, or write stacks/<stack>.yaml")
    return found


def accounts_of(stack: str | None) -> object:
    """What the stack's config says of its accounts; None where it is no stack."""
    from linkproof.project import Project

    return None if stack is None else Project.find().stack_config(stack).get("linkproof:accounts", {})
