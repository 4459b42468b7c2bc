"""state = cloud: what was read at the vendors."""

from __future__ import annotations

import pytest
from linkproof.drift.cloud import items, read_all, read_told
from linkproof.engine.events import Told, tells_providers_anew, told_by

from tests.drift import told

STATE = {
    "deployment": {
        "resources": [
            {"urn": told.urn(told.DNS_RECORD, "a/CNAME"), "provider": "cf"},
            {"urn": told.urn(told.RULESET, "rules"), "provider": "cf"},
            {"urn": told.urn(told.RECORD, "b/CNAME"), "provider": "aws"},
            {"urn": told.urn(told.BRAND, "brand"), "provider": "sg"},
            {"urn": told.urn(told.VALID, "valid"), "provider": "sg", "dependencies": [told.urn(told.BRAND, "brand")]},
        ]
    }
}


def said(*events):
    return told_by([*events, told.END], is_refresh=True)


def found(*events) -> list[tuple[str, str, str, str]]:
    return [(one.kind, one.key, one.expected, one.observed) for one in items(said(*events), STATE)]


CNAME = told.side({"content": "sendgrid.net", "settings": {"flattenCname": False}}, {"modifiedOn": "1", "zone": "z"})


def but(outputs=None, **inputs):
    changed = {**CNAME["inputs"], **inputs}
    return {**told.side(changed, {"modifiedOn": "1", "zone": "z", **(outputs or {})})}


@pytest.mark.parametrize(
    ("op", "new", "paths", "item"),
    [
        ("update", but(content="wrong.example"), ["content"], ("drift", "a/CNAME:content", "sendgrid.net", "wrong.example")),
        ("delete", None, [], ("missing", "a/CNAME", "there", "gone")),
        # exit code 0, three times
        ("same", {**CNAME, "id": "2"}, [], ("drift", "a/CNAME:id", "1", "2")),
        ("same", but({"zone": "other"}), [], ("drift", "a/CNAME:outputs.zone", "z", "other")),
        ("same", but({"modifiedOn": "2"}), [], None),
        ("update", but(settings={}), ["settings.flattenCname"], None),
        ("update", but(settings={"flattenCname": True}), ["settings.flattenCname"],
         ("drift", "a/CNAME:settings.flattenCname", "false", "true")),
    ],
)  # fmt: skip
def test_each_thing_read_is_drift_missing_or_known_noise(op, new, paths, item) -> None:
    assert found(*told.read(op, told.DNS_RECORD, "a/CNAME", CNAME, new, *paths)) == ([item] if item else [])


def test_only_what_was_read_counts_not_what_the_program_registers_beside() -> None:
    beside = told.step("resOutputsEvent", "update", told.DNS_RECORD, "a/CNAME", CNAME, but(content="x"), "content")
    assert found(beside) == []


def test_a_wait_for_what_is_gone_is_not_named_as_well() -> None:
    link = told.side({"domain": "example.com"})
    gone = [
        *told.read("delete", told.BRAND, "brand", link, None),
        *told.read("delete", told.VALID, "valid", link, None),
    ]
    assert [key for _, key, *_ in found(*gone)] == ["brand"]
    assert [key for _, key, *_ in found(*gone[2:])] == ["valid"]


def test_one_vendor_that_is_down_hides_nothing_of_the_others() -> None:
    asked = []
    ttl = told.read("update", told.RECORD, "b/CNAME", told.side({"ttl": 300}), told.side({"ttl": 900}), "ttl")

    def read(without):
        asked.append(without)
        if not without:
            return told_by([told.failed(told.RULESET, "rules", "GET /zones/z: connection refused")], is_refresh=True)
        return said(*ttl)

    got = list(items(read_all(read, lambda: STATE), STATE))
    assert asked == [(), (told.urn(told.DNS_RECORD, "a/CNAME"), told.urn(told.RULESET, "rules"))]
    assert [(one.kind, one.key) for one in got] == [("drift", "b/CNAME:ttl"), ("could not check", "a/CNAME, rules")]
    assert "connection refused" in got[1].why


@pytest.mark.parametrize(("fails", "tells_anew", "wanted"), [
    (False, False, [False]),
    (False, True, [False, True]),  # a token was rotated: what the old one reads may be another account's
    (True, False, [False, True]),  # the old one may have ended
])  # fmt: skip
def test_the_program_runs_again_only_where_its_word_may_be_newer(
    fails: bool, tells_anew: bool, wanted: list[bool]
) -> None:
    asked = []

    def read(without: tuple[str, ...], runs_program: bool) -> Told:
        asked.append(runs_program)
        failed = {told.urn(told.RECORD, "a/CNAME"): "401"} if fails and not runs_program else {}
        return Told((), failed, (), is_whole=not failed)

    assert read_told(read, dict, lambda: tells_anew).is_whole
    assert asked == wanted


@pytest.mark.parametrize(("op", "rtype", "wanted"), [
    ("update", "pulumi:providers:cloudflare", True),
    ("replace", "pulumi:providers:aws", True),
    ("create", "pulumi:providers:fastly", True),
    ("same", "pulumi:providers:aws", False),
    ("update", told.RECORD, False),
])  # fmt: skip
def test_a_step_of_a_provider_tells_that_the_program_says_something_new(op: str, rtype: str, wanted: bool) -> None:
    preview = told_by([told.planned(op, rtype, "x", told.side({}), told.side({})), told.END], is_refresh=False)
    assert tells_providers_anew(preview) == wanted
