"""Merging: associative, commutative, idempotent; a part that did not report is *could not check*."""

from __future__ import annotations

import json
from datetime import timedelta

import jsonschema
import pytest
from hypothesis import given, settings
from linkproof.expectations.model import OUTDATED_ID, PendingExpectation
from linkproof.shards.document import InvalidResultError, load, parse, to_json
from linkproof.shards.merged import merge
from linkproof.shards.partition import Shard
from linkproof.verify.report.document import json_schema

from tests.shards.results import AT, result_of, several, stack

CLICK, OTHER = "link0-0/click", "link1-0/click"
SCHEMA = jsonschema.Draft202012Validator(json_schema())


@given(several())
@settings(max_examples=30, deadline=None)
def test_the_order_and_the_grouping_of_a_merge_do_not_matter(made):
    expectations, results = made
    whole = merge(results, expectations)
    assert merge(reversed(results)) == whole
    assert merge([*results, *results, whole]) == whole
    for at in range(1, len(results)):
        left, right = merge(results[:at]), merge(results[at:])
        assert merge([left, right]) == merge([right, left]) == whole
    step = results[0]
    for result in results[1:]:
        step = merge([step, result])
    assert merge([step]) == whole
    SCHEMA.validate(whole)


@given(several(most=3))
@settings(max_examples=20, deadline=None)
def test_a_result_is_read_as_it_was_written_and_fits_the_published_schema(made):
    _, results = made
    for result in results:
        SCHEMA.validate(json.loads(json.dumps(result)))
        assert set(to_json(parse(result))) == set(result)


@given(several())
@settings(max_examples=20, deadline=None)
def test_a_merge_is_never_better_than_its_worst_part(made):
    expectations, results = made
    order = ["differs", "not-proven", "lagging", "proven"]
    worst = min((result["verdict"] for result in results), key=order.index)
    merged = merge(results, expectations, vantages=["paris", "tokyo"])
    assert order.index(merged["verdict"]) <= order.index(worst)
    total = Shard.parse(results[0]["parts"][0]["shard"]).total
    if len(results) < 2 * total:
        assert merged["verdict"] in {"differs", "not-proven"}
        assert any("no result came" in item["reason"] for item in merged["could_not_check"])


def test_one_fault_from_two_vantages_is_one_finding_with_both_names():
    expectations = stack()
    tokyo = result_of(expectations, {CLICK: "differs"}, vantage="tokyo")
    paris = result_of(expectations, {CLICK: "differs", OTHER: "differs"}, vantage="paris")
    merged = merge([tokyo, paris], expectations)
    assert len(merged["findings"]) == len(paris["findings"]) == 4
    assert {(item["id"], tuple(item["seen_from"])) for item in merged["findings"]} == {
        (CLICK, ("paris", "tokyo")),
        (OTHER, ("paris",)),
    }
    seen = {item["id"]: item["seen"] for item in merged["asked"]}
    assert seen[CLICK] == {"paris": "differs", "tokyo": "differs"}
    assert seen[OTHER] == {"paris": "differs", "tokyo": "right"}
    assert merged["coverage"]["cells"] == tokyo["coverage"]["cells"] + paris["coverage"]["cells"]


def test_all_shards_of_one_vantage_say_what_the_whole_says():
    expectations, states = (
        stack(zones=7),
        {CLICK: "differs", OTHER: "could-not-check", "zone/brand2.example": "lagging"},
    )
    whole = merge([result_of(expectations, states)])
    parts = [result_of(expectations, states, shard=Shard(number, 3)) for number in (1, 2, 3)]
    merged = merge(parts, expectations)
    for key in (
        "verdict",
        "findings",
        "lagging",
        "could_not_check",
        "certificates",
        "coverage",
        "asked",
        "unprobed",
        "limits",
    ):
        assert merged[key] == whole[key], key


def test_a_shard_that_did_not_report_is_not_checked():
    expectations = stack()
    parts = [result_of(expectations, {}, shard=Shard(number, 3), vantage="tokyo") for number in (1, 3)]
    merged = merge(parts, expectations)
    assert merged["verdict"] == "not-proven"
    (lacking,) = merged["could_not_check"]
    assert (lacking["id"], lacking["seen_from"]) == ("vantage tokyo", ["tokyo"])
    assert "shard 2/3 from tokyo" in lacking["reason"]
    third = result_of(expectations, {}, shard=Shard(2, 3), vantage="tokyo")
    assert merge([merged, third])["verdict"] == "proven", "what is no longer missing is forgotten"


def test_a_vantage_that_was_to_report_and_did_not_is_not_checked():
    expectations = stack()
    merged = merge([result_of(expectations, {}, vantage="tokyo")], expectations, vantages=["tokyo", "paris"])
    assert merged["verdict"] == "not-proven"
    assert [(item["id"], item["reason"].partition(":")[0]) for item in merged["could_not_check"]] == [
        ("vantage paris", "no result came from paris")
    ]
    paris = result_of(expectations, {}, vantage="paris")
    assert merge([merged, paris])["verdict"] == "proven"
    assert (
        merge([result_of(expectations, {CLICK: "differs"}, vantage="tokyo")], vantages=["paris"])["verdict"]
        == "differs"
    )


def test_a_shard_without_zones_takes_nothing_from_the_verdict():
    from linkproof.shards.run import verify_part
    from linkproof.verify.options import VerifyOptions

    expectations = stack(zones=1)
    results = []
    for number in range(1, 6):
        shard = Shard(number, 5)
        if shard.has("brand0.example."):
            results.append(result_of(expectations, {}, shard=shard))
        else:
            empty = verify_part(expectations, VerifyOptions(), shard=shard)
            assert (empty.exit_code, empty.coverage.cells) == (0, 0)
            results.append(empty.to_json())
    assert merge(results, expectations)["verdict"] == "proven"
    without = [result for result in results if not result["coverage"]["cells"]]
    assert merge(without)["verdict"] == "not-proven"


def test_results_that_do_not_belong_together_are_refused():
    expectations = stack()
    one = result_of(expectations, {}, shard=Shard(1, 2))
    for other, said in (
        (result_of(stack(zones=6), {}, shard=Shard(2, 2)), "other expectations"),
        (result_of(expectations, {}, shard=Shard(2, 3)), "shard 2/3 from here beside shard 1/2"),
        (
            result_of(expectations, {}, shard=Shard(1, 2), at=AT + timedelta(seconds=9)),
            "another result of shard 1/2 from here",
        ),
        ({**one, "version": 2}, "version is 2"),
        ({key: value for key, value in one.items() if key != "parts"}, "does not say which shard"),
        ([], "no result"),
    ):
        for both in ([one, other], [other, one]):
            with pytest.raises(
                InvalidResultError, match=said if both[1] is other or "beside" not in said else "beside"
            ) as refused:
                merge(both, places=["a.json", "b.json"])
            assert refused.value.place.startswith(("a.json", "b.json"))
            assert refused.value.fix
    with pytest.raises(InvalidResultError, match="than those that were given"):
        merge([one], stack(zones=6))
    with pytest.raises(InvalidResultError, match="no result was given"):
        merge([])


def changed(result, *path, value):
    """A copy with another value at a path."""
    tree = json.loads(json.dumps(result))
    at = tree
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return tree


def test_a_result_is_not_believed_to_be_better_than_what_it_lists():
    found = result_of(stack(), {CLICK: "differs"})
    lies = changed(changed(found, "verdict", value="proven"), "parts", 0, "verdict", value="proven")
    assert merge([lies])["verdict"] == "differs"
    unseen = result_of(stack(), {CLICK: "could-not-check"})
    lies = changed(changed(unseen, "verdict", value="proven"), "parts", 0, "verdict", value="proven")
    assert merge([lies])["verdict"] == "not-proven"
    old = result_of(stack(), {CLICK: "lagging"})
    lies = changed(changed(old, "verdict", value="proven"), "parts", 0, "verdict", value="proven")
    assert merge([lies])["verdict"] == "lagging"
    nothing = {"cells": 0, "checked": 0, "could_not_check": 0}
    assert merge([changed(result_of(stack(), {}), "parts", 0, "coverage", value=nothing)])["verdict"] == "not-proven"


def test_the_latest_end_of_an_old_answer_counts_and_one_word_speaks_for_all():
    expectations = stack()
    tokyo = result_of(expectations, {CLICK: "lagging"}, vantage="tokyo", why="stale", minutes=9)
    paris = result_of(expectations, {CLICK: "lagging"}, vantage="paris", why="old", minutes=3)
    for results in ([tokyo, paris], [paris, tokyo]):
        merged = merge(results)
        assert {(item["until"], item["why"]) for item in merged["lagging"]} == {("2026-11-22T10:09:00Z", "old")}
        assert merged["verdict"] == "lagging"


def test_a_declaration_that_is_not_deployed_yet_is_the_same_set_of_expectations():
    """Whoever verifies a stack says so among what is pending; the file that `merge` is given has nothing of it."""
    deployed = stack()
    pending = (*deployed.pending, PendingExpectation(id=OUTDATED_ID, reason="deploy it"))
    outdated = deployed.model_copy(update={"pending": pending})
    assert merge([result_of(outdated, {})], deployed)["verdict"] == "not-proven"


@pytest.mark.parametrize(("path", "value", "said"), [
    (("findings", 0, "rule"), "dns.no-such-rule", "no rule of this version"),
    (("findings", 0, "severity"), "fatal", "severity"),
    (("findings", 0, "observed"), "x" * 300_000, "at most 200000"),
    (("findings", 0, "seen_from"), ["elsewhere"], "names the vantage elsewhere"),
    (("parts", 0, "shard"), "4/3", "counted from 1 to 3"),
    (("parts", 0, "vantage"), "\x1b[2J", "pattern"),
    (("parts", 0, "at"), "yesterday", "parts"),
    (("parts", 0, "timing"), {"total_seconds": float("inf")}, "finite"),
    (("coverage", "cells"), -1, "greater than or equal to 0"),
    (("coverage", "cells"), 10**12, "less than or equal"),
    (("asked", 0, "seen"), {"here": "perfect"}, "asked"),
    (("verdict",), "fine", "verdict"),
    (("surprise",), 1, "surprise"),
])  # fmt: skip
def test_a_result_from_elsewhere_is_checked_before_anything_is_made_of_it(path, value, said):
    tree = changed(result_of(stack(), {CLICK: "differs"}), *path, value=value)
    with pytest.raises(InvalidResultError, match=said) as refused:
        parse(tree, "tokyo.json")
    assert refused.value.place.startswith("tokyo.json")


@pytest.mark.parametrize(("content", "said"), [
    (b"{", "not JSON"), (b"\xff", "not JSON"), (b"[" * 100_000, "not JSON"), (b'{"a": 1, "a": 2}', "stands twice"),
    (b"[]", "no result"), (b'{"version": 1}', "no result"), (b'{"version": 7, "verdict": "proven"}', "version is 7"),
])  # fmt: skip
def test_a_file_that_holds_no_result_is_refused(tmp_path, content, said):
    file = tmp_path / "tokyo.json"
    file.write_bytes(content)
    with pytest.raises(InvalidResultError, match=said):
        load(file)
    with pytest.raises(InvalidResultError, match=r"absent\.json"):
        load(tmp_path / "absent.json")
