"""docs/conformance.md is what the requirements say."""

from __future__ import annotations

import re
from pathlib import Path

from linkproof import registry
from linkproof.conformance.checks.all import CHECKS
from linkproof.conformance.report import page
from linkproof.conformance.requirements.all import ALL, required
from linkproof.contract.needs import EdgeNeeds

from tests.conformance.lab.planned import PAIRS

PAGE = Path(__file__).resolve().parents[2] / "docs/conformance.md"


def told_of_program(name: str) -> dict[str, str]:
    """From requirement to verdict, as the page says of a program."""
    (row,) = [row for row in page.rows_of(PAGE.read_text("utf-8"), page.PROGRAM_HEAD) if row[0] == name]
    return _told(row[1:4], None)


def told_of_pair(edge: str, sender: str, needs: EdgeNeeds) -> dict[str, str] | None:
    """Likewise of an edge for a sender; None where the page does not know this version."""
    rows = [row for row in page.rows_of(PAGE.read_text("utf-8"), page.PAIR_HEAD) if row[:2] == (edge, sender)]
    return _told(rows[0][3:6], needs) if rows else None


def _told(cells: tuple[str, ...], needs: EdgeNeeds | None) -> dict[str, str]:
    musts, shoulds, unasked = (set(re.findall("`([^`]+)`", cell)) for cell in cells)
    asked = {one.id for one in required(needs)}
    return {one: "broken" if one in musts | shoulds else "not asked" if one in unasked else "kept" for one in asked}


def test_every_edge_and_every_server_has_a_row_for_every_sender_and_breaks_no_must() -> None:
    rows = page.rows_of(PAGE.read_text("utf-8"), page.PAIR_HEAD)
    assert len({row[:2] for row in rows}) == len(rows)
    of_lab = {(f"the lab's {edge}", sender) for edge, sender in PAIRS}
    servers = {(plugin.name, sender) for plugin in registry.edges() if plugin.server for sender in registry.SENDERS}
    told = {row[:2] for row in rows}
    assert of_lab <= told
    assert {(edge.split()[0], sender) for edge, sender in told - of_lab} == servers
    assert {(row[2], row[3]) for row in rows} == {("proven", "none")}


def test_the_page_has_the_requirements_of_now() -> None:
    assert PAGE.read_text("utf-8").startswith(page.text().removesuffix("\n"))


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
