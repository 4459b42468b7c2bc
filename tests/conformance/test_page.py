"""docs/conformance.md is what the requirements say."""

from __future__ import annotations

import re
from pathlib import Path

from linkproof.conformance.checks.all import CHECKS
from linkproof.conformance.report import page
from linkproof.conformance.requirements.all import ALL, required
from linkproof.contract.needs import EdgeNeeds

PAGE = Path(__file__).resolve().parents[2] / "docs/conformance.md"


def told_of(name: str, label: str, needs: EdgeNeeds | None = None) -> dict[str, str]:
    """From requirement to verdict, as the page says of an edge."""
    title = page.title(name, label)
    (row,) = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith(f"| {title} |")]
    musts, shoulds, unasked = (set(re.findall("`([^`]+)`", cell)) for cell in row.split(" | ")[1:4])
    asked = {one.id for one in required(needs)}
    return {one: "broken" if one in musts | shoulds else "not asked" if one in unasked else "kept" for one in asked}


def test_the_page_has_the_requirements_of_now() -> None:
    assert PAGE.read_text("utf-8").startswith(page.text(()).removesuffix("\n"))


def test_every_requirement_has_a_check_and_every_check_a_requirement() -> None:
    assert set(CHECKS) == {one.id for one in ALL}
    assert len({one.id for one in ALL}) == len(ALL)


def test_a_must_names_who_makes_such_requests() -> None:
    known = (
        "SendGrid",
        "SES",
        "SparkPost",
        "every sender",
        "Gmail",
        "iOS",
        "Outlook",
        "Android",
        "browser",
        "mail that was sent",
    )
    for one in ALL:
        if one.is_must:
            assert any(name in one.who for name in known), one.id
