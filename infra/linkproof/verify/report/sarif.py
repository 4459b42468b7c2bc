"""SARIF 2.1.0, so that a pull request shows a finding on the line of the declaration that it breaks.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linkproof.verify.report.escape import printable, without_links
from linkproof.verify.report.markdown import escaped
from linkproof.verify.report.matrix import once_each
from linkproof.verify.report.sarif_log import (
    MAX_RESULTS,
    NOT_CHECKED,
    fingerprint,
    left_out,
    notification,
    one_run,
    physical_location,
)
from linkproof.verify.report.text import some
from linkproof.verify.report.vantages import WORDS, is_from_several, reported, rows, vantages_of
from linkproof.verify.rules.registry import RULES

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import Unchecked
    from linkproof.verify.result import Finding, VerificationResult
    from linkproof.verify.rules.finding_rule import FindingRule

# A blocked network leaves every cell of every link unchecked.
MAX_NOTIFICATIONS = 1_000


def render(result: VerificationResult, expectations: Expectations, at: datetime) -> str:
    """One run: findings as results, lagging answers as notes, what could not be checked as notifications.

    The worst come first, and what is more than a reader takes is counted and left out.
    """
    told: list[tuple[Finding, str, str]] = [(finding, finding.severity, "") for finding in result.findings]
    told += [
        (item.finding, "note", f" It is allowed to be old until {item.until:%Y-%m-%d %H:%M:%S} UTC.")
        for item in result.lagging
    ]
    more = len(told) - MAX_RESULTS
    told = told[:MAX_RESULTS]
    used = sorted({finding.rule for finding, _, _ in told})
    index = {rule: position for position, rule in enumerate(used)}
    elsewhere = _nearest_file(result, expectations)
    unchecked = once_each(result.could_not_check)
    notifications = [_notification(item) for item in unchecked[:MAX_NOTIFICATIONS]]
    if more > 0:
        notifications.append(left_out(f"{more} more findings"))
    if len(unchecked) > MAX_NOTIFICATIONS:
        notifications.append(left_out(f"{len(unchecked) - MAX_NOTIFICATIONS} more that could not be checked"))
    stack = quote(expectations.stack or "expectations", safe="", errors="surrogatepass")
    return one_run(
        f"linkproof/{stack}/",
        rules=[_rule(RULES[rule]) for rule in used],
        results=[_result(finding, index, level, further, elsewhere) for finding, level, further in told],
        notifications=notifications,
        invocation={"exitCode": result.exit_code, "endTimeUtc": at.strftime("%Y-%m-%dT%H:%M:%SZ")},
        properties={
            "verdict": result.verdict,
            **result.coverage.to_json(),
            **({"vantages": reported(result), "rows": _rows(result, expectations)} if is_from_several(result) else {}),
            **({"notAsked": result.not_asked.count} if result.not_asked else {}),
        },
    )


def _rows(result: VerificationResult, expectations: Expectations) -> list[dict[str, str]]:
    """What is not right from everywhere, by place; the worst first, and no more than a reader takes."""
    names = vantages_of(result)
    found = [row for row in rows(result, expectations) if not row.is_right][:MAX_NOTIFICATIONS]
    return [
        {"id": printable(row.id), **{name: WORDS[cell] for name, cell in zip(names, row.cells, strict=True)}}
        for row in found
    ]


def _rule(rule: FindingRule) -> dict[str, Any]:
    text = f"{_sentence(rule.meaning)} Detected by: {_sentence(rule.detection)} Fix: {_sentence(rule.fix)} Source: {rule.source}"
    descriptor = {
        "id": rule.id,
        "shortDescription": {"text": _sentence(rule.meaning)},
        "fullDescription": {"text": f"{_sentence(rule.meaning)} Detected by: {_sentence(rule.detection)}"},
        "help": {
            "text": text,
            "markdown": f"{escaped(_sentence(rule.meaning))}\n\n**Detected by:** {escaped(rule.detection)}\n\n"
            f"**Fix:** {escaped(rule.fix)}\n\n**Source:** {escaped(rule.source)}",
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.id.partition(".")[0]]},
    }
    return descriptor | ({"helpUri": rule.source} if rule.source.startswith("https://") else {})


def _result(finding: Finding, index: dict[str, int], level: str, more: str, elsewhere: str) -> dict[str, Any]:
    where = ", ".join(
        part for part in (finding.vantage.server, finding.vantage.address, finding.vantage.transport) if part
    )
    what = f"{finding.name} {finding.type} at {where}: declared {finding.expected}, answered {finding.observed}"
    text = f"{_sentence(what)} {_sentence(finding.why)} Fix: {_sentence(finding.fix)}"
    places = f" Seen from {', '.join(finding.seen_from)}." if finding.seen_from else ""
    command = f" To see the same: {finding.reproduce}" if finding.reproduce else ""
    location = {
        # GitHub refuses the whole file for one result without a file and a line.
        "physicalLocation": physical_location(finding.place) or physical_location(f"{elsewhere}:1:1"),
        "logicalLocations": [{"fullyQualifiedName": printable(finding.id), "kind": "expectation"}],
    }
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "kind": "fail",
        "level": level,
        "message": {"text": without_links(printable(text, 2000) + places + more + printable(command, 1000))},
        "locations": [location],
        "partialFingerprints": {"linkproofFinding/v1": _fingerprint(finding)},
        "properties": {
            "affects": [printable(one) for one in finding.affects or (finding.id,)],
            "expected": printable(finding.expected, 2000),
            "observed": printable(finding.observed, 2000),
            "reproduce": printable(finding.reproduce, 2000),
            **({"seenFrom": list(finding.seen_from)} if finding.seen_from else {}),
        },
    }


def _nearest_file(result: VerificationResult, expectations: Expectations) -> str:
    """Where a finding without a place of its own is shown: in the declaration, which is by default the stack's file."""
    for finding in (*result.findings, *(item.finding for item in result.lagging)):
        if physical_location(finding.place):
            return finding.place.rpartition(":")[0].rpartition(":")[0]
    return f"stacks/{expectations.stack}.yaml" if expectations.stack else "expectations.json"


def _fingerprint(finding: Finding) -> str:
    """The same finding in another run, whatever line it stands on by then and whatever value is wrong."""
    vantage = finding.vantage
    return fingerprint(
        finding.rule, finding.id, finding.name, finding.type, vantage.kind, vantage.server, vantage.address
    )


def _notification(item: Unchecked) -> dict[str, Any]:
    where = f" at {some(item.vantages)}" if item.vantages else ""
    where += f" from {some(item.seen_from, 10)}" if item.seen_from else ""
    said = notification(NOT_CHECKED, without_links(printable(f"{item.id}{where}: {item.reason}", 2000)))
    return said | {
        "locations": [{"logicalLocations": [{"fullyQualifiedName": printable(item.id), "kind": "expectation"}]}]
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
