"""A preview's steps, as the guard judges and people read them; and what the state shows of them afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.engine.changes import Change, changes, shown
from linkproof.engine.deploy.outputs import outputs_change
from linkproof.engine.deploy.standing import in_words, standing
from linkproof.engine.previewed import LATER, UNKNOWN
from linkproof.engine.state import read_state
from linkproof.expectations.join import late_value
from linkproof.outputs import outputs
from linkproof.plan.build import build

from tests.engine_state.deployed import NET, at_aws, declared, link, resource, route53, said, state

RECORD = "aws:route53/record:Record"


def step(op: str, name: str = f"{NET}/CNAME", rtype: str = RECORD, **more: Any) -> dict[str, Any]:
    return {"op": op, "urn": f"urn:pulumi:test::linkproof::linkproof:x:Y${rtype}::{name}", **more}


def document(*resources: dict[str, Any], pending: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"deployment": {"resources": list(resources), "pending_operations": pending or []}}


def test_a_replacement_is_one_change_and_what_stays_is_none() -> None:
    steps = [
        step("same"),
        step("read"),
        step("create-replacement", "a"),
        step("replace", "a", detailedDiff={"name": {}}, diffReasons=["name"]),
        step("delete-replaced", "a"),
        {"op": "update", "urn": "urn:pulumi:test::linkproof::pulumi:pulumi:Stack::linkproof-test"},
    ]
    (found,) = changes(steps)
    assert (found.op, found.name, found.type, found.keys) == ("replace", "a", RECORD, ("name",))
    assert found.takes_away


def test_what_only_the_deployment_knows_is_said_in_words() -> None:
    (found,) = changes([step("create", newState={"inputs": {"records": [UNKNOWN], "ttl": 5}})])
    assert found.inputs == {"records": [LATER], "ttl": 5}


def test_lines_for_people_count_what_is_the_engines_own() -> None:
    found = changes(
        [step("update", diffReasons=["records"]), step("create", "records", "linkproof:index:RecordHistory")]
    )
    assert list(shown(found)) == [
        f"  update {NET}/CNAME (records)  {RECORD}",
        "1 to update at the vendors; 1 more of the engine's own",
    ]
    assert list(shown(found[1:])) == ["nothing changes at a vendor; 1 of the engine's own"]
    many = changes([step("create", str(number)) for number in range(50)])
    assert list(shown(many))[-2:] == ["  … and 10 more", "50 to create at the vendors"]


@pytest.mark.parametrize(("phase", "changed"), [("live", False), ("secured", True)])
def test_a_step_that_changes_outputs_alone_is_seen(phase: str, changed: bool) -> None:
    """`secured` makes nothing else at an edge, and a preview in JSON says nothing of outputs."""
    before = build(declared(link("live")))
    resources = at_aws("live")
    bare = state(*resources)
    deployed = state(*resources, **outputs(before, lambda late: late_value(late, bare)))
    assert outputs_change(build(declared(link(phase))), deployed) is changed


# what stands --------------------------------------------------------------------------------------
def urn(name: str) -> str:
    return f"urn:pulumi:test::linkproof::{RECORD}::{name}"


def change(op: str, name: str) -> Change:
    return Change(op, urn(name), RECORD, name)


def record(name: str, **more: Any) -> dict[str, Any]:
    return resource(RECORD, name, **more)


@pytest.mark.parametrize(
    ("op", "before", "after", "is_done"),
    [
        ("create", None, {}, True),
        ("create", None, None, False),
        ("create", None, {"initErrors": ["not ready"]}, False),
        ("update", {}, {"modified": "2026-11-22T11:00:00Z"}, True),
        ("update", {}, {"inputs": {"ttl": 1}}, True),
        ("update", {}, {}, False),
        ("delete", {}, None, True),
        ("delete", {}, {}, False),
        ("delete", {}, {"delete": True}, True),
        ("replace", {}, {"id": "other"}, True),
        ("replace", {}, {}, False),
        ("replace", {}, {"id": "other", "pendingReplacement": True}, False),
    ],
)
def test_what_the_state_shows_is_done(
    op: str, before: dict[str, Any] | None, after: dict[str, Any] | None, is_done: bool
) -> None:
    old = document(*([record("a", **before)] if before is not None else []))
    new = document(*([record("a", **after)] if after is not None else []))
    found = standing([change(op, "a")], old, new)
    assert (len(found.done), len(found.open), found.unsure) == ((1, 0, ()) if is_done else (0, 1, ()))


def test_what_was_under_way_is_neither_done_nor_open() -> None:
    after = document(record("a"), pending=[{"type": "updating", "resource": record("a")}])
    found = standing([change("update", "a")], document(record("a")), after)
    assert (found.done, found.open, found.unsure) == ((), (), (change("update", "a"),))


def test_the_words_name_what_is_open_and_each_link_that_is_not_where_it_is_declared() -> None:
    before = document(route53(NET))
    found = standing([change("update", f"{NET}/CNAME")], before, before)
    lines = list(in_words(found, declared(link("live")), state(*at_aws("ready"), links=said("ready"))))
    assert lines == [
        "of 1 change the state shows 0",
        f"not done: update {NET}/CNAME",
        f"one ({NET}) is ready, declared live",
    ]
    assert read_state(before).resources
