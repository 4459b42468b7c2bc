"""An alias in use steps nowhere before it is a CNAME, and a pair of them is changed by hand."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.contract.state import State
from linkproof.engine.guard import RULES

from tests.engine_state.deployed import NET, NOW, at_edge, declared, distribution, judge, link, resource, said, state

RECORD = "aws:route53/record:Record"


def alias(rtype: str, name: str) -> dict[str, Any]:
    target = {"name": at_edge(NET), "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}
    return resource(RECORD, f"{NET}/{name}", inputs={"name": NET, "type": rtype, "aliases": [target]})


def deployed(*more: dict[str, Any]) -> State:
    return state(alias("A", "CNAME"), *more, distribution(NET), links=said("live"))


def found(phase: str, held: State, more: str = "") -> list[str]:
    one = link(phase).replace("}", f"{more}}}")
    return [refusal.rule for refusal in judge(declared(one), held, NOW)]


@pytest.mark.parametrize("phase", ["ready", "secured"])
def test_no_step_before_it_is_a_cname(phase: str) -> None:
    assert found(phase, deployed()) == ["phase.alias"]


def test_what_stays_as_it_is_and_what_becomes_a_cname_are_no_steps() -> None:
    assert found("live", deployed(), ", record: alias") == []
    assert found("live", deployed()) == []
    assert found("live", deployed(alias("AAAA", "AAAA")), ", record: alias, families: [4, 6]") == []


def test_a_pair_is_not_changed_one_record_at_a_time() -> None:
    assert found("live", deployed(alias("AAAA", "AAAA"))) == ["move.alias-pair"]


def test_each_rule_says_why() -> None:
    assert "change-resource-record-sets" in RULES["move.alias-pair"]
    assert "deployment of its own" in RULES["phase.alias"]
