"""SARIF 2.1.0, so that a pull request shows a finding on the line of the declaration that it breaks.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from linkproof.verify.report.document import dumps
from linkproof.verify.report.escape import printable, without_links
from linkproof.verify.report.markdown import escaped
from linkproof.verify.report.matrix import once_each
from linkproof.verify.report.text import some
from linkproof.verify.rules.registry import RULES
from linkproof.verify.version import program_version

if TYPE_CHECKING:
    from datetime import datetime

    from linkproof.expectations.model import Expectations
    from linkproof.verify.report.matrix import Unchecked
    from linkproof.verify.result import Finding, VerificationResult
    from linkproof.verify.rules.finding_rule import FindingRule

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub shows 5,000 results of a run, refuses a run of more than 25,000, and a file of more than 10 MB after gzip:
# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
MAX_RESULTS = 5_000
# A blocked network leaves every cell of every link unchecked.
MAX_NOTIFICATIONS = 1_000
_NOT_CHECKED, _LEFT_OUT = "could-not-check", "left-out"


def render(result: VerificationResult, expectations: Expectations, at: datetime) -> str:
    """One run: findings as results, lagging answers as notes, what could not be checked as notifications.

    The worst come first, and what is more than a reader takes is counted and left out.
    """
    told: list[tuple[Finding, str, str]] = [(finding, finding.severity, "") for finding in result.findings]
    told += [
        (item.finding, "note", f" It is allowed to be old until {item.until:%Y-%m-%d %H:%M:%S} UTC.")
        for item in result.lagging
    ]
    left_out = len(told) - MAX_RESULTS
    told = told[:MAX_RESULTS]
    used = sorted({finding.rule for finding, _, _ in told})
    index = {rule: position for position, rule in enumerate(used)}
    elsewhere = _nearest_file(result, expectations)
    unchecked = once_each(result.could_not_check)
    notifications = [_notification(item) for item in unchecked[:MAX_NOTIFICATIONS]]
    if left_out > 0:
        notifications.append(_left_out(f"{left_out} more findings"))
    if len(unchecked) > MAX_NOTIFICATIONS:
        notifications.append(_left_out(f"{len(unchecked) - MAX_NOTIFICATIONS} more that could not be checked"))
    stack = quote(expectations.stack or "expectations", safe="", errors="surrogatepass")
    driver = {
        "name": "linkproof",
        "version": program_version(),
        "rules": [_rule(RULES[rule]) for rule in used],
        "notifications": [
            {"id": _NOT_CHECKED, "shortDescription": {"text": "Something required could not be checked."}},
            {"id": _LEFT_OUT, "shortDescription": {"text": "More was found than this file may hold."}},
        ],
    }
    invocation = {
        "executionSuccessful": True,
        "exitCode": result.exit_code,
        "endTimeUtc": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "toolExecutionNotifications": notifications,
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [invocation],
        "automationDetails": {"id": f"linkproof/{stack}/"},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, index, level, more, elsewhere) for finding, level, more in told],
        "properties": {"verdict": result.verdict, **result.coverage.to_json()},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


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
        "message": {"text": without_links(printable(text, 2000) + more + printable(command, 1000))},
        "locations": [location],
        "partialFingerprints": {"linkproofFinding/v1": _fingerprint(finding)},
        "properties": {
            "affects": [printable(one) for one in finding.affects or (finding.id,)],
            "expected": printable(finding.expected, 2000),
            "observed": printable(finding.observed, 2000),
            "reproduce": printable(finding.reproduce, 2000),
        },
    }


def _nearest_file(result: VerificationResult, expectations: Expectations) -> str:
    """Where a finding without a place of its own is shown: in the declaration, which is by default the stack's file."""
    for finding in (*result.findings, *(item.finding for item in result.lagging)):
        if physical_location(finding.place):
            return finding.place.rpartition(":")[0].rpartition(":")[0]
    return f"stacks/{expectations.stack}.yaml" if expectations.stack else "expectations.json"


def physical_location(place: str) -> dict[str, Any] | None:
    """`file:line:column` as a location below the root of the sources; None where it is none."""
    file, _, column = place.rpartition(":")
    file, _, line = file.rpartition(":")
    if not file or not (line.isascii() and line.isdigit() and column.isascii() and column.isdigit()):
        return None
    artifact: dict[str, Any] = {"uri": quote(file.removeprefix("./"), errors="surrogatepass")}
    if not file.startswith("/"):
        artifact["uriBaseId"] = "%SRCROOT%"
    else:
        artifact["uri"] = f"file://{artifact['uri']}"
    return {
        "artifactLocation": artifact,
        "region": {"startLine": max(int(line), 1), "startColumn": max(int(column), 1)},
    }


def _fingerprint(finding: Finding) -> str:
    """The same finding in another run, whatever line it stands on by then and whatever value is wrong."""
    vantage = finding.vantage
    parts = (finding.rule, finding.id, finding.name, finding.type, vantage.kind, vantage.server, vantage.address)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _notification(item: Unchecked) -> dict[str, Any]:
    where = f" at {some(item.vantages)}" if item.vantages else ""
    return {
        "descriptor": {"id": _NOT_CHECKED, "index": 0},
        "level": "warning",
        "message": {"text": without_links(printable(f"{item.id}{where}: {item.reason}", 2000))},
        "locations": [{"logicalLocations": [{"fullyQualifiedName": printable(item.id), "kind": "expectation"}]}],
    }


def _left_out(what: str) -> dict[str, Any]:
    return {
        "descriptor": {"id": _LEFT_OUT, "index": 1},
        "level": "warning",
        "message": {"text": f"{what}: the JSON report has them."},
    }


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
