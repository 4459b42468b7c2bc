"""The frame of a SARIF 2.1.0 file: one run of linkproof, whoever found its results.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from linkproof.verify.report.document import dumps
from linkproof.verify.version import program_version

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub shows 5,000 results of a run, refuses a run of more than 25,000, and a file of more than 10 MB after gzip:
# https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
MAX_RESULTS: Final = 5_000
NOT_CHECKED, LEFT_OUT = "could-not-check", "left-out"
_NOTIFICATIONS: Final = {
    NOT_CHECKED: "Something required could not be checked.",
    LEFT_OUT: "More was found than this file may hold.",
}


def one_run(
    category: str,
    *,
    rules: Sequence[dict[str, Any]],
    results: Sequence[dict[str, Any]],
    notifications: Sequence[dict[str, Any]],
    invocation: dict[str, Any],
    properties: dict[str, Any] | None = None,
) -> str:
    """A whole file.

    Args:
        category: code scanning closes what a later run of one category lacks; it ends with a slash.
        rules: of the results, which name them by index.
        notifications: what no result tells, each made by `notification`.
        invocation: further members: `exitCode` and, where known, when it ended.
        properties: of the run.
    """
    driver = {
        "name": "linkproof",
        "version": program_version(),
        "rules": list(rules),
        "notifications": [{"id": one, "shortDescription": {"text": text}} for one, text in _NOTIFICATIONS.items()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [
            {"executionSuccessful": True, **invocation, "toolExecutionNotifications": list(notifications)},
        ],
        "automationDetails": {"id": category},
        "columnKind": "unicodeCodePoints",
        "results": list(results),
    }
    return dumps(
        {"$schema": SCHEMA, "version": "2.1.0", "runs": [run | ({"properties": properties} if properties else {})]}
    )


def notification(id_: str, text: str) -> dict[str, Any]:
    """Something that is no result, by one of the ids above."""
    descriptor = {"id": id_, "index": list(_NOTIFICATIONS).index(id_)}
    return {"descriptor": descriptor, "level": "warning", "message": {"text": text}}


def left_out(what: str) -> dict[str, Any]:
    """How much of what is not in the file."""
    return notification(LEFT_OUT, f"{what}: the JSON report has them.")


def fingerprint(*parts: str) -> str:
    """The same for the same parts in another run."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


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
