"""Files for apps from anybody: whatever they hold, there is a reason or an answer, and never an exception of Python's."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linkproof.verify.judge.app_association import (
    AppleApps,
    NoAssociationError,
    Pattern,
    android_faults,
    delegates,
    names,
    read_apple,
    read_json,
)

KEYS = st.sampled_from(["applinks", "details", "appID", "appIDs", "paths", "components", "/", "?", "#", "exclude", "defaults", "caseSensitive", "relation", "target", "namespace", "package_name", "sha256_cert_fingerprints", "include"])  # fmt: skip
WORDS = st.sampled_from(["NOT /uni/*", "/uni/*", "*", "?", "$(x)", "$(", "android_app", "delegate_permission/common.handle_all_urls", "a.b", ""])  # fmt: skip
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=20,
)


def read_or_reason(read, given):
    """What is read; None where it is refused, with a reason that is not empty."""
    reason = ""
    try:
        return read(given)
    except NoAssociationError as error:
        reason = str(error)
    assert reason
    return None


@given(TREES)
def test_any_tree_is_read_or_refused_with_a_reason(tree):
    for one in (tree, {"applinks": {"details": tree}}, {"applinks": {"details": [tree]}}, [tree]):
        read = read_json(json.dumps(one).encode())
        assert all(isinstance(fault, str) for fault in android_faults(read, ("a.b",)))
        assert delegates(read) in {True, False}
        apps = read_or_reason(read_apple, read)
        if not isinstance(apps, AppleApps):
            continue
        for app in apps.patterns:
            assert apps.covers(app, "/uni/ls/click") in {"yes", "no", "unknown"}
            assert apps.reaches_below(app, "/f/") in {True, False}
        assert names(apps)


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused_with_a_reason(body):
    read_or_reason(read_json, body)


@pytest.mark.parametrize(
    ("patterns", "covered"),
    [
        ([Pattern("/uni/*")], "yes"),
        ([Pattern("/uni/*", excludes=True), Pattern("*")], "no"),
        ([Pattern("*"), Pattern("/uni/*", excludes=True)], "yes"),
        ([Pattern("/uni/*", excludes=True, is_certain=False), Pattern("*")], "unknown"),
        ([Pattern("/uni/*", is_certain=False), Pattern("*")], "yes"),
        ([Pattern("/uni/*", is_certain=False)], "unknown"),
        ([Pattern("/uni/ls/clic?")], "yes"),
        ([Pattern("/uni/ls/click?")], "no"),
        ([Pattern("/uni/**k")], "yes"),
        ([Pattern("")], "no"),
        ([], "no"),
    ],
)
def test_the_first_pattern_that_surely_matches_decides(patterns, covered):
    assert AppleApps({"a": tuple(patterns)}).covers("a", "/uni/ls/click") == covered
