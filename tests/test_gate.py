"""What the program refuses by the stack's own last outputs alone."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.gate import SkippedPhaseError, refuse

from tests.engine_state.deployed import COM, declared, link, said


def outputs(phase: str, **more: Any) -> dict[str, Any]:
    return {"links": said(phase, **more)}


@pytest.mark.parametrize(
    ("before", "after"),
    [("branded", "ready"), ("ready", "live"), ("live", "ready"), ("live", "secured"), ("ready", "ready")],
)
def test_one_step_is_let_through(before: str, after: str) -> None:
    refuse(declared(link(after)), outputs(before), "prod")


@pytest.mark.parametrize(("before", "after"), [("branded", "live"), ("live", "branded"), ("secured", "ready")])
def test_a_skipped_phase_is_refused_with_the_command_that_knows_more(before: str, after: str) -> None:
    with pytest.raises(SkippedPhaseError, match=r"phase\.skipped") as refused:
        refuse(declared(link(after)), outputs(before), "prod")
    assert "linkproof deploy prod" in str(refused.value)


def test_a_link_in_use_does_not_leave() -> None:
    with pytest.raises(SkippedPhaseError, match=r"phase\.leaves-in-use"):
        refuse(declared(), outputs("live"), "prod")
    refuse(declared(), outputs("branded"), "prod")


def test_a_new_stack_and_a_new_link_may_begin_anywhere() -> None:
    refuse(declared(link("live")), {}, "prod")
    refuse(declared(link("live", COM)), {"links": {}}, "prod")
    for torn in ({"one": "torn"}, {"one": {"click_host": "a.example.net"}}, ["one"], None):
        refuse(declared(link("live")), {"links": torn}, "prod")
