"""What may happen after a move, and what a move may start from."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.engine.move.ahead import judge_step
from linkproof.engine.move.declared import MoveError
from linkproof.engine.move.resources import Moving
from linkproof.engine.move.rest import refuse_other_providers, refuse_unsettled
from linkproof.ownership import comment, is_same_but_for_owner, mark, object_name

OWNERS = mark("organization", "tracking", "brand"), mark("organization", "tracking", "shop")
POLICY = "aws:cloudfront/originRequestPolicy:OriginRequestPolicy"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"


def _moving(*copied: tuple[str, str], left: tuple[tuple[str, str], ...] = ()) -> Moving:
    return Moving((), (), (), frozenset(copied), frozenset(left))


def _step(
    op: str, rtype: str, name: str, old: dict[str, Any] | None = None, new: dict[str, Any] | None = None
) -> dict[str, Any]:
    urn = f"urn:pulumi:shop::tracking::{rtype}::{name}"
    sides = {"oldState": old, "newState": new}
    return {
        "op": op,
        "urn": urn,
        **{side: {"urn": urn, "type": rtype, "inputs": inputs} for side, inputs in sides.items() if inputs is not None},
    }


def _judged(step: dict[str, Any], moving: Moving) -> tuple[list[str], list[str]]:
    marked: list[str] = []
    said: list[str] = []
    judge_step(step, "shop", moving, OWNERS, marked, said)
    return marked, said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"tags": {"linkproof:stack": OWNERS[0]}, "x": [1]}, {"tags": {"linkproof:stack": OWNERS[1]}, "x": [1]}),
        ({"comment": comment(OWNERS[0], 100)}, {"comment": comment(OWNERS[1], 100)}),
        ({"comment": comment(OWNERS[0], 20)}, {"comment": comment(OWNERS[1], 20)}),
        ({"name": object_name(OWNERS[0], "thing", 40)}, {"name": object_name(OWNERS[1], "thing", 40)}),
    ],
)
def test_a_mark_in_any_form_is_a_mark(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert _judged(_step("update", DISTRIBUTION, "thing", old, new), _moving()) == (["thing"], [])
    with pytest.raises(MoveError, match="more than mark"):
        _judged(_step("update", DISTRIBUTION, "thing", old, {**new, "more": 1}), _moving())
    with pytest.raises(MoveError, match="replace thing"):
        _judged(_step("replace", DISTRIBUTION, "thing", old, new), _moving())


def test_another_object_s_name_is_no_mark() -> None:
    names = object_name(OWNERS[0], "one", 40), object_name(OWNERS[1], "other", 40)
    assert not is_same_but_for_owner(*names, OWNERS, "one")


def test_a_copy_is_made_and_taken_where_it_was_planned_and_nowhere_else() -> None:
    planned = _moving((POLICY, "aws"))
    assert _judged(_step("create", POLICY, "aws", new={"name": "n"}), planned)[1] == ["shop makes a aws of its own"]
    old, new = {"behavior": [{"policy": "p1", "x": 1}]}, {"behavior": [{"policy": UNKNOWN, "x": 1}]}
    assert len(_judged(_step("update", DISTRIBUTION, "url1", old, new), planned)[1]) == 1
    for step, moving in (
        (_step("create", POLICY, "other", new={}), planned),
        (_step("update", DISTRIBUTION, "url1", old, new), _moving()),
        (_step("update", DISTRIBUTION, "url1", old, {"behavior": [{"policy": UNKNOWN, "x": 2}]}), planned),
        (_step("update", RECORD, "url1/CNAME", {"content": "a"}, {"content": UNKNOWN}), planned),
        (_step("delete", POLICY, "aws", {}), planned),
    ):
        with pytest.raises(MoveError):
            _judged(step, moving)
    assert _judged(_step("delete", POLICY, "aws", {}), _moving(left=((POLICY, "aws"),)))[1]


def _provider(stack: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:{stack}::p::pulumi:providers:aws::aws-web"
    moved = f"urn:pulumi:{stack}::p::{DISTRIBUTION}::url1"
    return {
        "deployment": {
            "resources": [
                {"urn": urn, "type": "pulumi:providers:aws", "inputs": inputs},
                {"urn": moved, "type": DISTRIBUTION, "provider": f"{urn}::id"},
            ]
        }
    }


def test_a_provider_of_one_name_must_lead_to_one_account() -> None:
    """The engine takes the second stack's, whatever it is (seen with 3.276.0)."""
    moving = Moving((), (f"urn:pulumi:a::p::{DISTRIBUTION}::url1",), (), frozenset(), frozenset())
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:x"}
    one = _provider("a", profile="p", version="7.1", token=secret)
    refuse_other_providers(
        (one, _provider("b", profile="p", version="7.2", token={**secret, "ciphertext": "v1:y"})), moving
    )
    with pytest.raises(MoveError, match=r"aws-web is not the same account in both stacks \(profile\)"):
        refuse_other_providers((one, _provider("b", profile="q")), moving)


def test_a_stack_that_is_mid_way_is_deployed_first() -> None:
    pending = {"deployment": {"pending_operations": [{"type": "creating"}], "resources": []}}
    with pytest.raises(MoveError, match="deployment of a was interrupted"):
        refuse_unsettled(("a", "b"), (pending, pending))
    with pytest.raises(MoveError, match="a: the state has no history"):
        refuse_unsettled(("a", "b"), ({}, {}))
