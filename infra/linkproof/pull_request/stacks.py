"""The declarations that a pull request compares: two files, or every stack of the project in two revisions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from linkproof.declaration.accounts import unknown_accounts
from linkproof.declaration.load import Loaded, load_text
from linkproof.declaration.problem import Place, Problem
from linkproof.declaration.revision import commit_of, names_in, read_blob
from linkproof.declaration.source import read_file, read_source
from linkproof.declaration.source_error import SourceError
from linkproof.errors import LinkproofError
from linkproof.project import Project

# The working tree, in the place of a revision.
WORKING_TREE: Final = "."
# What declares nothing: the side on which a stack is not there.
_NOTHING: Final = b"version: 1\n"


@dataclass(frozen=True, slots=True)
class Pair:
    """One environment before and after.

    Args:
        stack: its name; of two files, the second one's.
        is_stack: whether it has a config, so that the program can be run for it.
        base: likewise `head`: the declaration with its problems; one of nothing where the side has no such stack.
        is_gone: only the base has it.
        config: the keys of the stack's config that differ; never their values.
    """

    stack: str
    is_stack: bool
    base: Loaded
    head: Loaded
    is_gone: bool = False
    config: tuple[str, ...] = ()


def is_revision(spec: str) -> bool:
    """Whether a word names a whole side, a revision or the working tree, and no single file."""
    return spec == WORKING_TREE or (":" not in spec and not Path(spec).exists())


def pairs(base: str, head: str) -> list[Pair]:
    """Every environment to compare, by name.

    Args:
        base: FILE, `REV:path`, a revision, or `.` for the working tree; likewise `head`.

    Raises:
        LinkproofError: a side cannot be read, or one is a file and the other a revision.
    """
    sides = is_revision(base), is_revision(head)
    if not any(sides):
        old, new = read_source(base), read_source(head)
        return [Pair(head, False, load_text(*old), load_text(*new))]
    if not all(sides):
        raise LinkproofError(
            f"{base!r} and {head!r}: one is a revision and the other a file",
            "give two files (REV:path is one), or two revisions; `.` is the working tree",
        )
    root = Project.find().root
    one, other = (_Tree(root) if spec == WORKING_TREE else _Revision(root, spec) for spec in (base, head))
    before, after = set(one.stacks()), set(other.stacks())
    if not before | after:
        raise LinkproofError(
            f"neither {base!r} nor {head!r} has a stack", "a stack has a file Pulumi.NAME.yaml beside Pulumi.yaml"
        )
    return [
        _pair(stack, one if stack in before else None, other if stack in after else None)
        for stack in sorted(before | after)
    ]


def _pair(stack: str, base: _Tree | None, head: _Tree | None) -> Pair:
    before, after = _load(stack, base), _with_accounts(_load(stack, head), stack, head)
    configs = [side.config(stack) if side is not None else {} for side in (base, head)]
    differing = sorted(key for key in {*configs[0], *configs[1]} if configs[0].get(key) != configs[1].get(key))
    changed = tuple(differing) if base is not None and head is not None else ()
    return Pair(stack, head is not None, before, after, is_gone=head is None, config=changed)


def _load(stack: str, side: _Tree | None) -> Loaded:
    """What cannot be read is a problem too, so that the other stacks are still compared."""
    if side is None:
        return load_text(_NOTHING, stack)
    try:
        return load_text(*side.declaration(stack))
    except SourceError as error:
        config = f"Pulumi.{stack}.yaml"
        return Loaded(None, (Problem("file.unreadable", Place(config, 1, 1), "", error.problem, error.fix),))


def _with_accounts(loaded: Loaded, stack: str, side: _Tree | None) -> Loaded:
    """Also what the stack's config lacks: in the base that would be no reason not to compare."""
    if loaded.declaration is None or side is None:
        return loaded
    unknown = tuple(unknown_accounts(loaded.declaration, side.config(stack), f"Pulumi.{stack}.yaml"))
    return Loaded(None if unknown else loaded.declaration, (*loaded.problems, *unknown))


class _Tree:
    """The project's files as they are now."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> Iterable[str]:
        return (path.name for path in self.root.iterdir())

    def read(self, path: str) -> bytes:
        return read_file(self.root / path)

    def stacks(self) -> list[str]:
        found = (name.removeprefix("Pulumi.").removesuffix(".yaml") for name in self.names() if _is_config(name))
        return sorted(name for name in found if name)

    def declaration(self, stack: str) -> tuple[bytes, str]:
        """The bytes and the name of what the stack's config names.

        Raises:
            SourceError: it cannot be read.
        """
        named = self.config(stack).get("linkproof:declaration")
        path = Path(named if isinstance(named, str) else f"stacks/{stack}.yaml")
        path = path.relative_to(self.root) if path.is_relative_to(self.root) else path
        return self.read(str(path)), str(path)

    def config(self, stack: str) -> dict[str, Any]:
        """The `config:` of the stack's file as written; nothing where it cannot be understood, which the program says."""
        try:
            document: Any = yaml.safe_load(self.read(f"Pulumi.{stack}.yaml"))
        except (yaml.YAMLError, ValueError, RecursionError, SourceError):
            return {}
        config = document.get("config") if isinstance(document, dict) else None
        return {str(key): value for key, value in config.items()} if isinstance(config, dict) else {}


class _Revision(_Tree):
    """The same of a commit, by git alone."""

    def __init__(self, root: Path, revision: str) -> None:
        super().__init__(root)
        self.commit, self.revision = commit_of(revision, revision, root), revision

    def names(self) -> Iterable[str]:
        return names_in(self.commit, self.root)

    def read(self, path: str) -> bytes:
        if Path(path).is_absolute():
            raise SourceError(
                f"{self.revision}: {path} is outside of the repository",
                "name a file of the project in the stack's config",
            )
        return read_blob(self.commit, f"./{path}", f"{self.revision}:{path}", self.root)


def _is_config(name: str) -> bool:
    return name.startswith("Pulumi.") and name.endswith(".yaml") and name != "Pulumi.yaml"
