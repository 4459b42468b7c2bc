"""Read a declaration and say everything that is wrong with it, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from linkproof.declaration.build import build
from linkproof.declaration.model import Declaration
from linkproof.declaration.nodes import MOST_PROBLEMS, read
from linkproof.declaration.problem import Place, Problem
from linkproof.declaration.rules import View, judge
from linkproof.declaration.source import read_file
from linkproof.declaration.source_error import SourceError, TooLargeError
from linkproof.declaration.text import decode, too_large
from linkproof.errors import LinkproofError
from linkproof.secret_shapes import SECRET

_MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a file: a declaration if nothing is an error, and all problems in the file's order."""

    declaration: Declaration | None
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.is_error)


class DeclarationError(LinkproofError):
    """The declaration has errors. `problems` holds all of them, warnings too."""

    exit_code = 2

    def __init__(self, name: str, problems: tuple[Problem, ...]) -> None:
        errors = [problem for problem in problems if problem.is_error]
        lines = [str(problem) for problem in errors[:_MOST_SHOWN]]
        if len(errors) > _MOST_SHOWN:
            lines.append(f"… and {len(errors) - _MOST_SHOWN} more")
        super().__init__("\n".join(lines), f"correct them; `linkproof check {name}` shows all")
        self.problems = problems


def load(path: Path) -> Loaded:
    """Read a file. Never raises for what the file is or holds: that it cannot be read is a problem too."""
    name = str(path)
    try:
        data = read_file(path)
    except TooLargeError as error:
        return Loaded(None, (too_large(name, error.size_bytes),))
    except SourceError as error:
        return Loaded(None, (Problem("file.unreadable", Place(name, 1, 1), "", error.problem, error.fix),))
    return load_text(data, name)


def load_text(text: bytes | str, name: str) -> Loaded:
    """Read a declaration from its bytes or text.

    Args:
        text: at most 2 MiB; anything at all.
        name: the file's name, for messages.
    """
    decoded, refused = decode(text, name)
    if refused:
        return Loaded(None, (refused,))
    tree = read(decoded, name)
    problems = [*tree.problems]
    declaration = None
    if isinstance(tree.value, dict):
        built = build(tree, name)
        problems += built.problems
        view = View(built.declaration, frozenset(built.unread), frozenset(zone.text for zone in built.unread_zones))
        problems += judge(view)
        declaration = built.declaration
    elif not problems:
        problems.append(_no_mapping(tree.value, name))
    problems += _secrets_in_comments(_without_canaries(decoded, declaration), name, problems)
    problems.sort(key=lambda problem: (problem.place.line, problem.place.column, problem.rule))
    if any(problem.is_error for problem in problems):
        declaration = None
    return Loaded(declaration, _bounded(problems))


def require(path: Path) -> Declaration:
    """The declaration in a file.

    Raises:
        DeclarationError: it has errors.
    """
    loaded = load(path)
    if loaded.declaration is None:
        raise DeclarationError(str(path), loaded.problems)
    return loaded.declaration


def _bounded(problems: list[Problem]) -> tuple[Problem, ...]:
    if len(problems) <= MOST_PROBLEMS:
        return tuple(problems)
    kept = problems[:MOST_PROBLEMS]
    message = f"only {MOST_PROBLEMS:,} problems are shown"
    return (*kept, Problem("yaml.problems", kept[-1].place, "", message, "correct the first ones, then check again"))


def _no_mapping(value: object, name: str) -> Problem:
    place = Place(name, 1, 1)
    if value is None:
        return Problem("yaml.empty", place, "", "the file declares nothing", "begin with `version: 1`")
    kind = "a list" if isinstance(value, list) else "a single value"
    return Problem(
        "yaml.not-a-mapping", place, "", f"the file is {kind}, not keys and values", "begin with `version: 1`"
    )


def _without_canaries(text: str, declaration: Declaration | None) -> str:
    """The text with canaries' URLs blanked: each has been judged where it stands, by what it may hold."""
    links = declaration.links.values() if declaration else ()
    for url in {canary.url for link in links for canary in link.canaries}:
        text = text.replace(url, " " * len(url))
    return text


def _secrets_in_comments(text: str, name: str, known: list[Problem]) -> list[Problem]:
    """A secret in a comment is as public as one in a value."""
    lines = {problem.place.line for problem in known if problem.rule == "secrets.value"}
    found = []
    for number, line in enumerate(text.split("\n"), start=1):
        match = SECRET.search(line)
        if match is None or number in lines:
            continue
        fix = "remove it, and replace the credential: it has been in a readable file"
        place = Place(name, number, match.start() + 1)
        found.append(Problem("secrets.value", place, "", "this line has something that looks like a secret", fix))
        if len(found) == _MOST_SHOWN:
            break
    return found
