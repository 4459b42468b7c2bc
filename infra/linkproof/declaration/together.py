"""Several declarations judged together, by the rules over them all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from linkproof.declaration.model import Declaration
from linkproof.declaration.nodes import MOST_PROBLEMS
from linkproof.declaration.problem import Problem
from linkproof.declaration.rules.together import TOGETHER, Part
from linkproof.declaration.rules.view import View


def judge_together(declarations: Sequence[tuple[Declaration, object]]) -> list[Problem]:
    """What is wrong between them, each problem at its place in the later one and with the place in the other.

    Args:
        declarations: of different stacks, each with `linkproof:accounts` of its stack's config, None where no stack is known.
    """
    found: list[Problem] = []
    # the lab is a world of its own: its names and accounts are nobody's outside it
    for lab in (False, True):
        parts = [Part(View(one), accounts) for one, accounts in declarations if one.lab == lab]
        if len(parts) > 1:
            for rule_id in TOGETHER:
                found += islice(_problems(rule_id, parts), MOST_PROBLEMS)
    return found


def _problems(rule_id: str, parts: Sequence[Part]) -> Iterator[Problem]:
    for number, fault in TOGETHER[rule_id](parts):
        place = parts[number].view.declaration.place(fault.path)
        yield Problem(rule_id, place, fault.path, fault.message, fault.fix, fault.severity)
