"""What must hold for every input, whichever target it went through."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from linkproof.verify.report.registry import FORMATS
from linkproof.verify.result import EXIT_CODES
from linkproof.verify.rules.registry import RULES

from tests.verify.report.harmless import assert_harmless, texts_of

if TYPE_CHECKING:
    from linkproof.expectations.model import Expectations
    from linkproof.verify.result import VerificationResult

# A page's own parts, and what one cell or finding may add to it: each text is cut, and a form repeats it a few times.
_FIXED_CHARACTERS = 60_000
_CHARACTERS_OF_ONE = 120_000
_USUAL = frozenset(string.ascii_letters + string.digits)
# Writing every form takes longer than all the judging, so a process writes one report of each likeness.
_seen: set[object] = set()


def assert_sound(result: VerificationResult, expectations: Expectations) -> None:
    """A result names known rules, adds up, and is harmless and bounded in every form."""
    for finding in result.findings:
        assert finding.rule in RULES, finding.rule
        assert finding.fix
    assert result.exit_code == EXIT_CODES[result.verdict]
    assert result.coverage.cells == result.coverage.checked + result.coverage.could_not_check
    errors = [finding for finding in result.findings if finding.severity == "error"]
    assert not (errors and result.verdict == "proven")
    assert result.verdict != "proven" or not result.could_not_check
    likeness = _likeness(result)
    if likeness in _seen:
        return
    _seen.add(likeness)
    told = len(result.cells) + len(result.findings) + len(result.lagging) + len(result.could_not_check)
    for name in FORMATS:
        written = assert_harmless(name, result, expectations)
        assert len(written) <= _FIXED_CHARACTERS + _CHARACTERS_OF_ONE * told, f"{name}: {len(written)} for {told}"


def _likeness(result: VerificationResult) -> object:
    """What can make a report go wrong: its rules and states, the unusual characters in its texts, and their size."""
    texts = [*texts_of(result.to_json()), *(cell.evidence for cell in result.cells)]
    unusual = frozenset("".join(texts)) - _USUAL
    states = frozenset((cell.state, cell.vantage.kind, bool(cell.warnings)) for cell in result.cells)
    rules = frozenset(finding.rule for finding in result.findings)
    return unusual, states, rules, sum(map(len, texts)).bit_length(), tuple(result.timing.values())
