"""What the engine says in a preview, as the comment shows it: never a value."""

from __future__ import annotations

from linkproof.engine.changes import changes
from linkproof.pull_request.comment import render
from linkproof.pull_request.engine_steps import EnginePreview

URN = "urn:pulumi:prod::shop::linkproof:cloudfront:Edge$aws:cloudfront/distribution:Distribution::url1.example.net"
STEPS = [
    {"op": "same", "urn": "urn:pulumi:prod::shop::pulumi:pulumi:Stack::shop-prod"},
    {
        "op": "update", "urn": URN, "oldState": {"inputs": {"secret": "aB3aB3"}}, "newState": {"inputs": {"secret": "hunter2"}},
        "diffReasons": ["origins"], "detailedDiff": {"origins[0].customHeaders": {"kind": "update", "inputDiff": False}},
    },
    {"op": "replace", "urn": "urn:pulumi:prod::shop::aws:acm/certificate:Certificate::a|b@c", "replaceReasons": ["domainName"], "diffReasons": ["domainName"]},
]  # fmt: skip


def test_steps_are_told_by_object_and_property() -> None:
    steps = tuple(changes(STEPS))
    assert [str(step) for step in steps] == [
        "update url1.example.net (origins[0].customHeaders)  aws:cloudfront/distribution:Distribution",
        "replace a|b@c (domainName)  aws:acm/certificate:Certificate",
    ]
    assert EnginePreview("prod", steps).counts() == {"update": 1, "replace": 1}


def test_all_stacks_are_in_one_comment_and_no_value_is() -> None:
    text = render((), (), [
        EnginePreview("prod", tuple(changes(STEPS))), EnginePreview("test", ()), EnginePreview("dev", (), "no <b>backend</b> @me"),
    ])  # fmt: skip
    assert "of prod: 1 update, 1 replace" in text
    assert "`pulumi preview` of test: nothing changes." in text
    assert "**`pulumi preview` fails** for dev: no &lt;b&gt;" in text
    assert "a\\|b@\u200bc" in text
    assert not any(secret in text for secret in ("hunter2", "aB3aB3", "@me"))
    assert "### linkproof: the program fails for dev" in text
