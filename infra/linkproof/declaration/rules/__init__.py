"""All rules of a declaration: importing this package registers every one."""

from __future__ import annotations

from itertools import islice

from linkproof.declaration.nodes import MOST_PROBLEMS
from linkproof.declaration.problem import Problem
from linkproof.declaration.rules import (
    edges,
    links,
    names,
    probes,
    reasons,
    senders,
    standbys,
    successors,
    verify,
    zones,
)
from linkproof.declaration.rules.registry import RULES, add_plugin_rules, problems, rule
from linkproof.declaration.rules.view import View

add_plugin_rules()
# after the plug-ins' own, some of which it asks of several declarations
from linkproof.declaration.rules import together  # noqa: E402

__all__ = [
    "RULES",
    "View",
    "edges",
    "judge",
    "links",
    "names",
    "probes",
    "reasons",
    "rule",
    "senders",
    "standbys",
    "successors",
    "together",
    "verify",
    "zones",
]


def judge(view: View) -> list[Problem]:
    """Apply every rule; what one says about an unread key is dropped, for that key has its problem already."""
    found: list[Problem] = []
    for each in RULES.values():
        # Each rule is cut, not all together: a flood from one must not hide what another has to say.
        found += islice((p for p in problems(each, view) if p.path not in view.unread), MOST_PROBLEMS)
    return found
