"""The registry of rules: an id, a reason with its source, and for most a pure check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from linkproof.declaration.problem import Problem, Severity
from linkproof.declaration.rules.view import View


@dataclass(frozen=True, slots=True)
class Fault:
    """What a check yields; the registry adds the rule's id and the place of the path."""

    path: str
    message: str
    fix: str
    severity: Severity = "error"


Check = Callable[[View], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `check` is None where the reader, the form or the comparison of two declarations applies it."""

    id: str
    because: str
    check: Check | None = None

    def problems(self, view: View) -> Iterator[Problem]:
        """The rule's problems with one declaration."""
        if self.check is not None:
            for fault in self.check(view):
                place = view.declaration.place(fault.path)
                yield Problem(self.id, place, fault.path, fault.message, fault.fix, fault.severity)


RULES: Final[dict[str, Rule]] = {}


def rule(rule_id: str, *, because: str) -> Callable[[Check], Check]:
    """Register a check.

    Args:
        rule_id: stable; people write it into scripts and ask `linkproof explain` for it.
        because: the reason, with its source.
    """

    def register(check: Check) -> Check:
        _add(Rule(rule_id, because, check))
        return check

    return register


def reason(rule_id: str, *, because: str) -> None:
    """Register a rule that is applied elsewhere, so that it can be explained."""
    _add(Rule(rule_id, because))


def _add(new: Rule) -> None:
    if new.id in RULES:
        message = f"rule {new.id} is registered twice"
        raise ValueError(message)
    RULES[new.id] = new
