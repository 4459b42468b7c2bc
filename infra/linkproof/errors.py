"""The one error root. A subclass keeps its data as fields and renders a message with a fix."""

from __future__ import annotations


class LinkproofError(Exception):
    """Anything linkproof refuses or cannot do, said so that a person can act.

    Args:
        problem: what is wrong, one sentence, with its place where there is one.
        fix: what to do about it; empty only where nothing can be done.
    """

    exit_code = 2

    def __init__(self, problem: str, fix: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.problem}\n  fix: {self.fix}" if self.fix else self.problem


class InvalidDocumentError(LinkproofError):
    """A file that is read from elsewhere is not what it should be.

    Args:
        place: the file, or which of several, with line and column or the key inside it where there is one.
        reason: what is wrong there.
        fix: what to do about it.
    """

    def __init__(self, place: str, reason: str, fix: str) -> None:
        super().__init__(f"{place}: {reason}", fix)
        self.place = place
        self.reason = reason
