"""The problems of declarations as SARIF 2.1.0, so that a pull request shows each on its line."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from linkproof.declaration.rules import RULES
from linkproof.declaration.source import path_of
from linkproof.verify.report.escape import printable, without_links
from linkproof.verify.report.sarif_log import MAX_RESULTS, fingerprint, left_out, one_run, physical_location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.declaration.problem import Problem

# Apart from the verifications of the same repository, which are named by their stack.
_CATEGORY: Final = "linkproof/check/"


def render(problems: Sequence[Problem], exit_code: int) -> str:
    """One run with a result for each problem, errors first; more than code scanning shows are counted and left out."""
    told = sorted(problems, key=lambda problem: not problem.is_error)[:MAX_RESULTS]
    used = sorted({problem.rule for problem in told})
    index = {rule: position for position, rule in enumerate(used)}
    more = len(problems) - len(told)
    return one_run(
        _CATEGORY,
        rules=[_rule(rule) for rule in used],
        results=[_result(problem, index) for problem in told],
        notifications=[left_out(f"{more} more problems")] if more else [],
        invocation={"exitCode": exit_code},
    )


def _rule(rule: str) -> dict[str, Any]:
    known = RULES.get(rule)
    return {"id": rule, "shortDescription": {"text": known.because if known is not None else rule}}


def _result(problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    where = f"{problem.path}: " if problem.path else ""
    file = path_of(problem.place.file)
    return {
        "ruleId": problem.rule,
        "ruleIndex": index[problem.rule],
        "level": problem.severity,
        "message": {"text": without_links(printable(f"{where}{problem.message}. Fix: {problem.fix}.", 2000))},
        "locations": [{"physicalLocation": physical_location(str(replace(problem.place, file=file)))}],
        # the same in another commit, whatever line it stands on by then
        "partialFingerprints": {"linkproofProblem/v1": fingerprint(problem.rule, file, problem.path, problem.message)},
    }
