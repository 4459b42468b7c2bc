"""What prints a pipeline that proves a stack in shards, whosever system runs it."""

from __future__ import annotations

from typing import Literal

from linkproof.commands.options import print_json
from linkproof.errors import LinkproofError


def print_pipeline(system: Literal["github", "gitlab"], file: str, stack: str, shards: int, *, as_json: bool) -> None:
    """Print it.

    Args:
        file: where it belongs, below the repository's root.

    Raises:
        LinkproofError: the stack has no declaration, or the system takes no such number of jobs.
    """
    from linkproof.ci.files import in_shards
    from linkproof.project import Project

    project = Project.find()
    if not project.declaration_file(stack).is_file():
        shown = project.shown(project.declaration_file(stack))
        raise LinkproofError(f"{shown} does not exist", "write it, or name a stack that has a declaration")
    text = in_shards(system, stack, shards)
    if as_json:
        print_json({"version": 1, "file": file, "text": text})
    else:
        print(text, end="")
