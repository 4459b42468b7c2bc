"""docs/conformance.md is what the requirements say."""

from __future__ import annotations

from pathlib import Path

from linkproof.conformance.checks.all import CHECKS
from linkproof.conformance.report import page
from linkproof.conformance.requirements.all import ALL

PAGE = Path(__file__).resolve().parents[2] / "docs/conformance.md"


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
