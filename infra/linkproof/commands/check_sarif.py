"""The problems of declarations as SARIF 2.1.0, so that a pull request shows each on its line."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from linkproof.declaration.rules import RULES
from linkproof.verify.report.document import dumps
from linkproof.verify.report.escape import printable, without_links
from linkproof.verify.report.sarif import MAX_RESULTS, SCHEMA, physical_location
from linkproof.verify.version import program_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from linkproof.declaration.problem import Problem

# Apart from a verification's run of the same repository: code scanning closes what a later run of one category lacks.
_CATEGORY: Final = "linkproof/check/"


def render(problems: Sequence[Problem], exit_code: int) -> str:
    """One run with a result for each problem, errors first; more than code scanning shows are counted and left out."""
    told = sorted(problems, key=lambda problem: not problem.is_error)[:MAX_RESULTS]
    used = sorted({problem.rule for problem in told})
    index = {rule: position for position, rule in enumerate(used)}
    left_out = len(problems) - len(told)
    invocation: dict[str, Any] = {"executionSuccessful": True, "exitCode": exit_code}
    if left_out:
        text = f"{left_out} more problems: `linkproof check --json` has them."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {"driver": {"name": "linkproof", "version": program_version(), "rules": [_rule(one) for one in used]}},
        "invocations": [invocation],
        "automationDetails": {"id": _CATEGORY},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, index) for problem in told],
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: str) -> dict[str, Any]:
    known = RULES.get(rule)
    return {"id": rule, "shortDescription": {"text": known.because if known is not None else rule}}


def _result(problem: Problem, index: dict[str, int]) -> dict[str, Any]:
    where = f"{problem.path}: " if problem.path else ""
    return {
        "ruleId": problem.rule,
        "ruleIndex": index[problem.rule],
        "level": problem.severity,
        "message": {"text": without_links(printable(f"{where}{problem.message}. Fix: {problem.fix}.", 2000))},
        "locations": [{"physicalLocation": physical_location(str(problem.place))}],
        "partialFingerprints": {"linkproofProblem/v1": _fingerprint(problem)},
    }


def _fingerprint(problem: Problem) -> str:
    """The same problem in another commit, whatever line it stands on by then."""
    parts = (problem.rule, problem.place.file, problem.path, problem.message)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
