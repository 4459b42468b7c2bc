"""The comment of a pull request: the table first, at most what a comment may hold, and nothing in it that Markdown would act on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from linkproof.declaration.problem import Problem
from linkproof.pull_request.compared import SHARED, Compared, Row
from linkproof.pull_request.engine_steps import EnginePreview
from linkproof.pull_request.risk import LEVELS
from linkproof.pull_request.trial import Trial
from linkproof.secret_shapes import SECRET
from linkproof.verify.redaction.redact import REDACTED, redact
from linkproof.verify.report.markdown import MAX_CHARACTERS, escaped, in_html
from linkproof.words import counted

# By this line a workflow finds its own comment, and updates it.
MARKER: Final = "<!-- linkproof:preview -->"
# For the notice of each cut.
_SPARE: Final = 400
# Of one part; the longest line is some 1,300 characters, most are a tenth of it.
_MOST_LINES: Final = 40
_HEADING: Final = "| stack | link | phase | what changes for a click | risk | guard, by the base | how long |\n|---|---|---|---|---|---|---|\n"
_FOOT: Final = "\nThe guard's verdict is by the base's declaration alone. Before each deployment `linkproof guard` judges by what is really deployed.\n"


def render(stacks: Sequence[Compared], trials: Sequence[Trial] = (), previews: Sequence[EnginePreview] = ()) -> str:
    """The whole comment; what does not fit is counted.

    Args:
        stacks: every environment, those that stay the same too.
        trials: of the program, where it was run.
        previews: of the engine, where it was asked.
    """
    head = f"{MARKER}\n### linkproof: {_verdict(stacks, trials, previews)}\n\n"
    budget = MAX_CHARACTERS - len(head) - len(_FOOT) - _SPARE
    rows = [row for one in stacks for row in _rows(one)]
    table, left = _fit(rows, budget - len(_HEADING))
    text = head + (_HEADING + "".join(table) if rows else "")
    if left:
        text += f"\nNot shown for want of room: {counted(left, 'row')} and all details; `linkproof diff` prints them.\n"
        return text + _FOOT
    same = [escaped(one.pair.stack) for one in stacks if not _rows(one)]
    parts = [
        *([f"\nThe same as before: {_some(same)}.\n"] if same and len(stacks) > 1 else []),
        *(_problems(one) for one in stacks if one.problems or one.unreadable),
        *(_config(one) for one in stacks if one.pair.config),
        *map(_trial, trials),
        *(part for one in previews for part in _preview(one)),
        *(_detail(one.pair.stack, row) for one in stacks for row in one.rows),
    ]
    shown, left = _fit(parts, budget - len(text) + len(head))
    text += "".join(shown)
    if left:
        text += f"\nNot shown for want of room: {counted(left, 'part')} of this; `linkproof diff` prints all of it.\n"
    return text + _FOOT


def clean(text: str, limit: int = 300) -> str:
    """Text of a file, of a program or of the engine: without secrets, and shown as it is."""
    return escaped(_redacted(text), limit)


def _redacted(text: str) -> str:
    return redact(SECRET.sub(REDACTED, text))


def _verdict(stacks: Sequence[Compared], trials: Sequence[Trial], previews: Sequence[EnginePreview]) -> str:
    failed = [one.stack for one in trials if one.error] + [one.stack for one in previews if one.error]
    if any(one.has_errors for one in stacks):
        return "a declaration cannot be read"
    if any(one.is_refused for one in stacks):
        return "refused as it is"
    if failed:
        return f"the program fails for {clean(failed[0])}"
    rows = [row for one in stacks for row in one.rows]
    if not rows:
        return "nothing changes outside"
    worst = min((row.risk.level for row in rows), key=LEVELS.index)
    links = sum(row.name != SHARED for row in rows)
    return f"{counted(links, 'link')} change{'s' * (links == 1)}, risk {worst}"


def _rows(one: Compared) -> list[str]:
    stack = clean(one.pair.stack)
    if one.has_errors:
        errors = [problem for problem in (*one.problems, *one.unreadable) if problem.is_error]
        side = "as it is now, in the base," if one.unreadable else ""
        said = " ".join(filter(None, ["the declaration", side, "cannot be read:", counted(len(errors), "error")]))
        return [_cells([stack, "", "", said, "high: nothing can be said", "refused", ""])]
    return [_row(stack, row) for row in one.rows]


def _row(stack: str, row: Row) -> str:
    named = f"{clean(row.name)} {clean(row.host)}".strip()
    said = [clean(line) for line in row.said] or [_counted(row)]
    return _cells(
        [stack, named, clean(row.step), "<br>".join(said), clean(str(row.risk)), _guard(row), clean(row.takes)]
    )


def _counted(row: Row) -> str:
    return f"nothing; {counted(len(row.changes), 'change')} below" if row.changes else "nothing"


def _guard(row: Row) -> str:
    errors = [problem.rule for problem in row.refused if problem.is_error]
    if errors:
        return f"refused: {', '.join(map(clean, dict.fromkeys(errors)))}"
    return f"allowed, with {counted(len(row.refused), 'warning')}" if row.refused else "allowed"


def _detail(stack: str, row: Row) -> str:
    if not row.changes and not row.refused:
        return ""
    lines = [
        *(_problem(problem) for problem in row.refused),
        *(f"- {clean(str(change), 600)}" for change in row.changes),
    ]
    title = f"{in_html(_redacted(stack))}: {in_html(_redacted(row.name))}, {counted(len(row.changes), 'change')}"
    return _folded(title, _bounded(lines))


def _problems(one: Compared) -> str:
    problems = sorted((*one.unreadable, *one.problems), key=lambda problem: not problem.is_error)
    title = f"{in_html(_redacted(one.pair.stack))}: {counted(len(problems), 'problem')} of the file"
    return _folded(title, _bounded([_problem(problem) for problem in problems]))


def _bounded(lines: Sequence[str]) -> list[str]:
    """So many that one part alone does not take the comment's room."""
    left = len(lines) - _MOST_LINES
    return [*lines[:_MOST_LINES], *([f"- and {left:,} more"] if left > 0 else [])]


def _problem(problem: Problem) -> str:
    where = f"{problem.place}: {problem.path}: " if problem.path else f"{problem.place}: "
    word = "" if problem.is_error else "warning: "
    return f"- {clean(f'{where}{word}{problem.message}', 600)}; fix: {clean(problem.fix, 600)} ({clean(problem.rule)})"


def _config(one: Compared) -> str:
    keys = [clean(str(key)) for key in one.pair.config]
    return f"\nThe config of {clean(one.pair.stack)} changes: {_some(keys)}. What it means for an account no declaration tells.\n"


def _trial(trial: Trial) -> str:
    if trial.error:
        return f"\n**The program fails** for {clean(trial.stack)}: {clean(trial.error, 1000)}\n"
    number = sum(trial.resources.values())
    return f"\nThe program runs for {clean(trial.stack)}, without an engine: {counted(number, 'resource')}.\n"


def _preview(one: EnginePreview) -> list[str]:
    if one.error:
        return [f"\n**`pulumi preview` fails** for {clean(one.stack)}: {clean(one.error, 1000)}\n"]
    if not one.steps:
        return [f"\n`pulumi preview` of {clean(one.stack)}: nothing changes.\n"]
    counts = ", ".join(f"{number} {clean(op)}" for op, number in one.counts().items())
    title = f"<code>pulumi preview</code> of {in_html(_redacted(one.stack))}: {in_html(_redacted(counts))}"
    return [_folded(title, (f"- {clean(str(step), 600)}" for step in one.steps))]


def _folded(title: str, lines: Iterable[str]) -> str:
    return "\n".join([f"\n<details><summary>{title}</summary>", "", *lines, "", "</details>", ""])


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20])
    return shown if len(names) <= 20 else f"{shown} and {len(names) - 20} more"


def _cells(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _fit(parts: Sequence[str], budget: int) -> tuple[list[str], int]:
    shown: list[str] = []
    for part in parts:
        budget -= len(part)
        if budget < 0:
            break
        shown.append(part)
    return shown, len(parts) - len(shown)
