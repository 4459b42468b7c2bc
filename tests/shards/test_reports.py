"""The reports of a merged result: a row with a cell for each place, and nothing that a result says does more than stand there."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from linkproof.shards.identity import identified
from linkproof.shards.merged import merge
from linkproof.shards.read_back import read_back
from linkproof.verify.report.matrix_by_vantage import arrange_by_vantage
from linkproof.verify.report.registry import FORMATS, produce
from linkproof.verify.report.vantages import reported, rows, vantages_of

from tests.shards.results import AT, places, result_of, stack
from tests.verify.report.harmless import assert_harmless
from tests.verify.report.nasty import STRINGS, nasty
from tests.verify.report.nasty import result as hostile


def check(name, text):
    found, wanted = hostile(text)
    trees = [identified(found, wanted, AT, vantage=vantage).to_json() for vantage in ("tokyo", "paris")]
    merged = merge([json.loads(json.dumps(tree)) for tree in trees], wanted, vantages=["osaka"])
    assert_harmless(name, read_back(merged), wanted)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("position", range(len(STRINGS)))
def test_known_attacks_in_a_result_stay_text(name, position):
    check(name, STRINGS[position])


@pytest.mark.parametrize("name", FORMATS)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=nasty)
def test_whatever_a_result_says_stays_text(name, text):
    check(name, text)


def test_each_expectation_has_one_row_with_a_cell_for_each_place():
    found, expectations = places()
    assert vantages_of(found) == ("osaka", "paris", "tokyo")
    assert reported(found) == ["osaka (nothing)", "paris", "tokyo"]
    cells = {row.id: row.cells for row in rows(found, expectations)}
    assert cells["link0-0/click"] == ("could-not-check", "differs", "differs")
    assert cells["link1-0/click"] == ("could-not-check", "right", "lagging")
    assert cells["link2-0/click"] == ("could-not-check", "right", "could-not-check")
    assert cells["link3-0/click"] == ("could-not-check", "right", "right")
    matrix = {row.name: row for row in arrange_by_vantage(found, expectations)}
    assert [box.state for box in matrix["link3-0/click"].boxes.values()] == ["not checked", "right", "warning"]
    assert next(iter(matrix)) == "link0-0/click", "what is wrong stands first"
    assert len(matrix) == len(cells) == len(found.asked)


def test_without_the_expectations_the_ids_are_shown():
    found, _ = places()
    from linkproof.expectations.model import Expectations

    nothing = Expectations(version=1)
    for name in FORMATS:
        assert "link0-0/click" in produce(name, found, nothing, AT).replace("\u200b", "")


def test_a_place_that_lacks_a_shard_could_not_check_what_only_that_shard_has():
    from linkproof.shards.partition import Shard

    expectations = stack(zones=8, hosts=1)
    parts = [result_of(expectations, {}, shard=Shard(number, 2), vantage="tokyo") for number in (1, 2)]
    parts.append(result_of(expectations, {}, shard=Shard(1, 2), vantage="paris"))
    first = {item["id"] for item in parts[0]["asked"]}
    found = read_back(merge(parts, expectations))
    assert first
    for row in rows(found, expectations):
        assert row.cells == (("right", "right") if row.id in first else ("could-not-check", "right")), row.id
    alone = read_back(merge(parts[2:], expectations))
    lacking = {row.id for row in rows(alone, expectations) if row.cells == ("could-not-check",)}
    assert lacking == {item["id"] for item in parts[1]["asked"] if not item["id"].startswith("zone/")}


def test_a_single_whole_run_is_reported_as_ever():
    expectations = stack()
    found = read_back(merge([result_of(expectations, {"link0-0/click": "differs"})], expectations))
    text = produce("text", found, expectations, AT)
    assert "by vantage" not in text
    assert "vantage_ok" not in produce("prometheus", found, expectations, AT)


def test_the_metrics_of_several_places():
    found, expectations = places()
    text = produce("prometheus", found, expectations, AT)
    assert 'linkproof_cells{stack="prod",state="could-not-check"} 1.0' in text
    assert 'linkproof_cells{stack="prod",state="differs"} 2.0' in text
    assert 'linkproof_vantage_ok{id="link0-0/caa",stack="prod",vantage="osaka"} 0.0' in text
    assert 'linkproof_vantage_ok{id="link0-0/caa",stack="prod",vantage="tokyo"} 1.0' in text
    assert (
        'linkproof_certificate_expiry_seconds{address="",host="ns1.host.example.",id="link0-0/edge",stack="prod"}'
        in text
    )
