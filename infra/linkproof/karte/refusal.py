"""Why something is not handed to KARTE: each reason with what to do about it, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from linkproof.errors import LinkproofError


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason.

    Args:
        id: stable, for scripts and tests.
        problem: what was expected and what is there, with file and line where there is one.
        how: a line for each ACME client that gets it right; empty where the clients have no part in it.
    """

    id: str
    problem: str
    fix: str
    how: tuple[str, ...] = ()


class RefusedError(LinkproofError):
    """At least one reason."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        first, *more = refusals
        lines = [line for one in more for line in (f"also: {one.problem}", f"  fix: {one.fix}")]
        how = dict.fromkeys(line for one in refusals for line in one.how)
        super().__init__(first.problem, "\n".join([first.fix, *lines, *(f"  {line}" for line in how)]))
        self.refusals = tuple(refusals)
