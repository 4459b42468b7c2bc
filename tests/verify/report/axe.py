"""axe-core in the page that a browser shows: the rules of WCAG 2.2 AA and its best practices."""

from __future__ import annotations

import importlib.util
import json
import os
from pathlib import Path

import pytest

from tests.verify.report.browser import Browser

# The one package of this registry that carries a current axe.min.js; nothing else of it is used.
PACKAGE = "axe_playwright_python"
# Tags name what is asked for: rules that are new in 2.2, such as the size of targets, are off by default.
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")


def source() -> str:
    """The program, found without importing the package.

    Where it is not installed the test does not run; in CI that is a failure.
    """
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        missing = f"{PACKAGE} is not installed: it is one of this project's development requirements (make setup)"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return (Path(found.origin).parent / "axe.min.js").read_text("utf-8")


async def violations(browser: Browser) -> list[str]:
    """What axe objects to in the page as it is now: `rule: element: what to do`, and what it could not decide.

    Raises:
        AssertionError: axe did not look at the page.
    """
    if not await browser.ask("typeof axe === 'object'"):
        await browser.ask(f"{source()}; typeof axe")
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]})
    found = await browser.wait_for(
        f"axe.run(document, {options}).then(({{violations, incomplete, passes}}) => ({{passed: passes.length, found:"
        " [...violations.map(one => ['', one]), ...incomplete.map(one => ['undecided ', one])].flatMap(([word, one]) =>"
        " one.nodes.map(node => `${word}${one.id}: ${node.html.slice(0, 150)}: ${node.failureSummary}`))}))"
    )
    assert found["passed"] > 10, "axe looked at the page"
    return list(found["found"])
