"""Who found it: one rule for every tool, applied to what was said on the fault and on its healthy twin.

* found: among what is new against the twin is a word that names the fault (`Case.words`, `Case.ours`).
* partly: something is new, which names something else or leaves the naming to the reader.
* not: nothing is new (or it ended without a result), and the tool is able to know.
* cannot know: nothing is new, and the tool is not able to know (`Tool.can` against `Case.needs`).
* A healthy case: silent, or false alarm, which is any warning or worse.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bench.compare.case import Case
from bench.compare.tools import Said, Tool

Outcome = Literal["found", "partly", "not", "cannot know", "silent", "false alarm"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The cell of one tool in one row.

    Args:
        shown: what is new, in the tool's words: those that name the fault first.
    """

    outcome: Outcome
    shown: tuple[str, ...]
    seconds: float
    ended: bool


def words_of(case: Case, tool: Tool) -> tuple[str, ...]:
    return tuple(sorted(case.ours)) if tool.name == "linkproof" else case.words.get(tool.name, ())


def judge(case: Case, tool: Tool, said: Said, twin: Said) -> Verdict:
    """The outcome of one run.

    Args:
        twin: what the same tool said on `case.twin`; without meaning for healthy cases.
    """
    if case.healthy:
        outcome: Outcome = "false alarm" if said.alarms or _not_proven(said) else "silent"
        return Verdict(outcome, said.alarms or _not_proven(said), said.seconds, said.ended)
    new = tuple(line for line in said.lines if line not in twin.lines)
    named = tuple(line for line in new if any(word in line for word in words_of(case, tool)))
    others = tuple(line for line in new if line not in named and not line.startswith("verdict "))
    if named:
        return Verdict("found", (*named, *others), said.seconds, said.ended)
    if new and not all(line.startswith("no result") for line in new):
        return Verdict("partly", others or new, said.seconds, said.ended)
    able = case.needs <= tool.can
    return Verdict("not" if able else "cannot know", new, said.seconds, said.ended)


def _not_proven(said: Said) -> tuple[str, ...]:
    """linkproof on a healthy case owes a proof, not only silence."""
    return tuple(line for line in said.lines if line.startswith("verdict ") and line != "verdict proven")
