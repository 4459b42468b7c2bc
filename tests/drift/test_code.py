"""code = state: what an exit code does not tell."""

from __future__ import annotations

import pytest
from linkproof.drift.code import items
from linkproof.engine.events import told_by

from tests.drift import told


def found(*events, state=None) -> list[tuple[str, str, str, str]]:
    said = told_by([*events, told.END], is_refresh=False)
    return [(one.kind, one.key, one.expected, one.observed) for one in items(said, state or {}, "dev")]


CNAME = told.side({"records": ["sendgrid.net"], "ttl": 300}, protect=True)


def test_the_same_is_nothing() -> None:
    assert found(told.planned("same", told.RECORD, "url1.example.net/CNAME", CNAME, CNAME)) == []


@pytest.mark.parametrize(
    ("event", "item"),
    [
        (
            told.planned("create", told.RECORD, "a/CNAME", None, CNAME),
            ("drift", "a/CNAME", "declared", "not deployed"),
        ),
        (
            told.planned("delete", told.RECORD, "a/CNAME", CNAME, None),
            ("drift", "a/CNAME", "not declared", "deployed"),
        ),
        (
            told.planned("update", told.RECORD, "a/CNAME", CNAME, told.side({"ttl": 60}, protect=True), "ttl"),
            ("drift", "a/CNAME:ttl", "60", "300"),
        ),
        # dropped protection: the step says `same`, and exit code 7 does not come
        (
            told.planned("same", told.RECORD, "a/CNAME", {**CNAME, "protect": False}, CNAME),
            ("drift", "a/CNAME:protect", "protected", "not protected"),
        ),
        # a failed end of an update has no difference, and is one
        (
            told.planned("update", told.RECORD, "a/CNAME", CNAME, CNAME),
            ("drift", "a/CNAME", "as declared", "not finished"),
        ),
    ],
)
def test_each_step_is_named_by_what_it_would_do(event, item) -> None:
    assert found(event) == [item]


def test_the_history_components_and_a_rotated_token_are_no_drift() -> None:
    same = told.side({})
    events = [
        told.planned("update", rtype, "x", same, same, "apiToken")
        for rtype in ("pulumi:providers:cloudflare", "linkproof:index:RecordHistory", "linkproof:cloudfront:Edge")
    ]
    assert found(*events) == []


def test_the_last_dot_that_route_53_keeps_is_no_drift() -> None:
    dotted = told.side({"records": ["sendgrid.net."], "ttl": 300}, protect=True)
    assert found(told.planned("update", told.RECORD, "a/CNAME", dotted, CNAME, "records")) == []


def test_what_a_killed_engine_left_is_named_once() -> None:
    resource = {"urn": told.urn(told.RECORD, "a/CNAME"), "type": told.RECORD}
    state = {"deployment": {"pending_operations": [{"type": "creating", "resource": resource}]}}
    create = told.planned("create", told.RECORD, "a/CNAME", None, CNAME)
    assert found(create, state=state) == [("drift", "a/CNAME", "finished", "creating, interrupted")]


def test_what_was_deleted_to_be_made_anew_and_was_not_is_missing() -> None:
    resource = {"urn": told.urn(told.RECORD, "a/CNAME"), "type": told.RECORD, "pendingReplacement": True}
    replace = told.planned("replace", told.RECORD, "a/CNAME", CNAME, CNAME)
    assert found(replace, state={"deployment": {"resources": [resource]}}) == [
        ("missing", "a/CNAME", "deployed", "deleted, not made again")
    ]


def test_a_program_that_raises_could_not_be_checked() -> None:
    said = {
        "diagnosticEvent": {
            "urn": told.urn("pulumi:pulumi:Stack", "linkproof-dev"), "severity": "error", "message": "Boom\n",
        }
    }  # fmt: skip
    assert [(kind, key) for kind, key, *_ in found(said)] == [("could not check", "the program")]
