"""What exists is expected before anything is deployed, and nothing unknown passes as proven."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from linkproof.declaration.load import load_text
from linkproof.expectations.known import before_deployment, is_before_deployment
from linkproof.expectations.model import parse
from linkproof.plan.build import build

TEXT = """version: 1
zones:
  example.net: {dns: route53, id: Z2FDTNDATAQYW2}
edges:
  aws: {provider: cloudfront}
links:
  one: {sender: sendgrid, click_host: url1.example.net, owner_host: 1234567.example.net, edge: aws, phase: PHASE}
"""
D1 = "d111111abcdef8.cloudfront.net"


def document(phase: str, targets: dict[str, str]) -> dict[str, Any]:
    declaration = load_text(TEXT.replace("PHASE", phase), "x").declaration
    assert declaration is not None
    found = before_deployment(build(declaration), targets, stack="prod", now=datetime(2026, 11, 28, tzinfo=UTC))
    parse(found)
    return found


def undone(found: dict[str, Any]) -> set[str]:
    return {pending["id"] for pending in found["pending"] if not pending.get("by_design")}


def test_a_known_target_stands_in_place_of_a_late_one() -> None:
    found = document("live", {"url1.example.net": D1})
    values = {record["id"]: record["values"] for record in found["records"]}
    assert values["one/click"] == [f"{D1}."]
    assert undone(found) == set()
    assert found["written_at"] == "2026-11-28T00:00:00Z"


def test_an_edge_that_is_ready_is_asked_by_its_own_name() -> None:
    found = document("ready", {"url1.example.net": D1})
    assert [endpoint["connect"] for endpoint in found["endpoints"] if endpoint["connect"]] == [f"{D1}."]
    assert undone(found) == set()


@pytest.mark.parametrize(("phase", "pending"), [("live", {"one/click"}), ("ready", {"one/edge"})])
def test_a_target_that_is_not_known_leaves_the_link_unproven(phase: str, pending: set[str]) -> None:
    assert undone(document(phase, {})) == pending


def test_only_a_file_that_no_deployment_wrote_is_written_anew() -> None:
    assert is_before_deployment(document("branded", {}))
    assert not is_before_deployment({"pending": []})
