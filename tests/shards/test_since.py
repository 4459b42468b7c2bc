"""`--since`: what was not right, expires or changed is asked first, the rest in turn; and what was not asked is said."""

from __future__ import annotations

import json
from datetime import timedelta

import jsonschema
import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st
from linkproof.commands import merge as merge_command
from linkproof.commands import verify as verify_command
from linkproof.expectations.model import parse as parse_expectations
from linkproof.shards.document import parse
from linkproof.shards.merged import merge
from linkproof.shards.partition import Shard
from linkproof.shards.run import verify_part
from linkproof.shards.since import InvalidSampleError, choose, sample_of
from linkproof.verify.report.document import json_schema
from typer.testing import CliRunner

from tests.shards.lab import ThreeZones
from tests.shards.results import AT, result_of, stack

app = typer.Typer(pretty_exceptions_enable=False)
verify_command.register(app)
merge_command.register(app)


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def ids(expectations):
    return {item.id for item in (*expectations.records, *expectations.caa, *expectations.endpoints)}


def after(expectations, states, earlier=None, *, share=10_000, now=AT, old=None):
    """What is chosen after a run in which everything was in these states."""
    return choose(expectations, parse(earlier or result_of(old or expectations, states)), share, now)


@pytest.mark.parametrize("state", ["differs", "lagging", "could-not-check", "warning"])
def test_what_was_not_right_is_asked_first_with_all_of_its_name(state):
    expectations = stack(zones=6)
    choice = after(expectations, {"link3-1/click": state})
    assert choice.reasons["wrong"] == 3
    assert [item[0].id for item in (choice.expectations.records, choice.expectations.caa, choice.expectations.endpoints)] == [
        "link3-1/click", "link3-1/caa", "link3-1/edge"
    ]  # fmt: skip
    assert choice.expectations.zones == expectations.zones
    assert ids(choice.expectations) | choice.left == ids(expectations)
    assert not ids(choice.expectations) & choice.left
    assert "link3-1/click" not in {item.record for item in choice.expectations.previous}


def test_a_certificate_near_its_end_is_asked_before_its_renewal_is_due():
    expectations = stack(zones=6)
    assert "expiring" not in after(expectations, {}, now=AT + timedelta(days=60 - 21 - 8)).reasons
    choice = after(expectations, {}, now=AT + timedelta(days=60 - 21 - 6))
    assert choice.reasons == {"expiring": 36}
    assert not choice.left


@pytest.mark.parametrize(("severity", "asked"), [("error", 6), ("warning", 3)])
def test_a_fault_of_a_server_is_asked_again_by_all_that_it_affects_and_what_is_worth_knowing_by_one_name(
    severity, asked
):
    expectations = stack(zones=6)
    earlier = result_of(expectations, {"link3-1/click": "warning"})
    finding = {**earlier["findings"][0], "id": "zone/brand3.example", "severity": severity}
    earlier["findings"] = [{**finding, "affects": ["link3-0/click", "link3-1/click"]}]
    assert after(expectations, {}, earlier).reasons["wrong"] == asked


def changed(expectations, name, one, **values):
    items = [item.model_copy(update=values) if item.id == one else item for item in getattr(expectations, name)]
    return expectations.model_copy(update={name: tuple(items)})


def test_what_changed_in_the_declaration_or_is_new_is_asked():
    before = stack(zones=6)
    now = changed(before, "records", "link2-0/click", values=("new.vendor.example.",))
    assert after(now, {}, old=before).reasons["changed"] == 3
    new = stack(zones=7)
    choice = after(new, {}, old=before)
    assert choice.reasons["changed"] == 6
    assert {one for one in ids(choice.expectations) if one.startswith("link6")} == {
        f"link6-{host}/{kind}" for host in (0, 1) for kind in ("click", "caa", "edge")
    }
    signed = changed(before, "zones", "zone/brand4.example", dnssec="signed")
    assert after(signed, {}, old=before).reasons["changed"] == 6
    assert "changed" not in after(before, {}, old=before.model_copy(update={"written_at": AT})).reasons


def test_a_result_without_digests_makes_everything_new():
    expectations = stack()
    earlier = {key: value for key, value in result_of(expectations, {}).items() if key not in {"parts", "asked"}}
    choice = after(expectations, {}, earlier)
    assert (choice.left, set(choice.reasons)) == (frozenset(), {"changed"})


@given(st.integers(1, 12), st.integers(1, 30), st.integers(0, 50))
@settings(max_examples=40, deadline=None)
def test_so_many_runs_in_a_row_ask_about_all(zones, share, start):
    """Whatever the number of names and the share is, and from whatever run it goes on."""
    expectations = stack(zones=zones)
    earlier = result_of(expectations, {})
    earlier["not_asked"] = {"count": 1, "of": 2, "ids": [], "run": start}
    asked = set()
    for _ in range(share):
        choice = after(expectations, {}, earlier, share=share)
        assert ids(choice.expectations), "no run asks nothing"
        asked |= ids(choice.expectations)
        earlier["not_asked"]["run"] = choice.run
    assert asked == ids(expectations)


def test_a_name_is_asked_with_the_declared_name_that_it_leads_to():
    one = {"id": "one", "name": "a.example.", "type": "CNAME", "values": ["b.example."]}
    two = {"id": "two", "name": "b.example.", "type": "CNAME", "values": ["edge.vendor.example."]}
    wanted = parse_expectations({"version": 1, "records": [one, two]})
    earlier = result_of(wanted, {"one": "differs"})
    assert [record.id for record in choose(wanted, parse(earlier), 24, AT).expectations.records] == ["one", "two"]


@pytest.mark.parametrize("text", ["", "24", "2/24", "1/0", "0/1", "1/x", "1/999999"])
def test_a_sample_that_is_no_share_is_refused(text):
    with pytest.raises(InvalidSampleError, match="--sample"):
        sample_of(text)
    assert sample_of("1/24") == 24


def test_runs_that_start_from_each_other_by_the_commands(tmp_path):
    with ThreeZones(tmp_path) as world:
        wanted, last = tmp_path / "expectations.json", tmp_path / "last.json"
        wanted.write_text(world.expectations().model_dump_json())
        asked = (
            "verify",
            "--expectations",
            wanted,
            "--hints",
            world.hints,
            "--dns-port",
            world.port,
            "--report",
            f"json={last}",
        )
        world.second.set("url1.shop.test.", "CNAME", ["old.vendor.test."])
        assert run(*asked).exit_code == 1
        every = {f"url{number}.{zone}." for zone in ("example.test", "shop.test", "brand.test") for number in (1, 2)}

        def questions():
            """The names that the servers were asked for, since the last time."""
            found = {name for server in (world.first, world.second) for name, _ in server.asked} & every
            for server in (world.first, world.second):
                server.asked.clear()
            return found

        assert questions() == every
        again = run(*asked, "--since", last, "--sample", "1/6")
        assert again.exit_code == 1
        seen = questions()
        assert "url1.shop.test." in seen
        assert seen < every
        world.second.set("url1.shop.test.", "CNAME", ["edge.vendor.test."])
        mended = run(*asked, "--since", last, "--sample", "1/6")
        document = json.loads(last.read_text())
        jsonschema.validate(document, json_schema())
        left = document["not_asked"]
        assert mended.exit_code == 0
        assert f"proven: for what was asked, {left['count']} of {left['of']} not asked" in mended.stdout
        assert "1 that were not right" in mended.stdout
        assert left["run"] == 2
        assert {item["id"] for item in document["asked"] if item["seen"]["here"] == "not-asked"} == set(left["ids"])
        questions()
        turns = set()
        for _ in range(6):
            assert run(*asked, "--since", last, "--sample", "1/6").exit_code == 0
            turns |= questions()
        assert turns == every
        metrics = tmp_path / "metrics"
        run(*asked, "--since", last, "--report", f"prometheus={metrics}")
    names = {
        line.partition("name=")[2].split('"')[1]
        for line in metrics.read_text().splitlines()
        if "expectation_ok{" in line
    }
    document = json.loads(last.read_text())
    asked_now = {item["id"] for item in document["asked"] if item["seen"]["here"] != "not-asked"}
    assert f'linkproof_not_asked{{stack="prod"}} {document["not_asked"]["count"]}.0' in metrics.read_text()
    assert {name.rstrip(".") for name in names if name.startswith("url")} == {
        one.partition("/")[0] for one in asked_now if one.endswith("/click")
    }, "of what was not asked no series says that it is right, or wrong"


def test_what_several_shards_left_is_added_up(tmp_path):
    with ThreeZones(tmp_path) as world:
        wanted = world.expectations()
        options = world.options()
        whole = parse(merge([verify_part(wanted, options).to_json()]))
        parts = [
            verify_part(wanted, options, shard=Shard(number, 2), since=whole, share=6).to_json() for number in (1, 2)
        ]
    left = sum(part["not_asked"]["count"] for part in parts if "not_asked" in part)
    merged = merge(parts, wanted)
    assert left
    assert (merged["verdict"], merged["not_asked"]["count"]) == ("proven", left)
    assert merged["not_asked"]["of"] == len(merged["asked"])
    again = parse(merged)
    assert choose(wanted, again, 6, AT).run == 2
    assert not choose(wanted, again, 6, AT).reasons.get("wrong"), "what was only not asked waits for its turn"


def test_a_certificate_of_what_was_not_asked_is_not_forgotten(tmp_path):
    expectations = stack(zones=1, hosts=1)
    from linkproof.shards.run import _kept

    earlier = parse(merge([result_of(expectations, {}, vantage="tokyo")]))
    assert list(_kept(earlier, frozenset({"link0-0/edge"}))) == [
        {
            "id": "link0-0/edge",
            "host": host,
            "not_before": "2026-11-22T10:00:00Z",
            "not_after": "2027-01-21T10:00:00Z",
        }
        for host in ("ns1.host.example.", "ns2.host.example.")
    ]
    assert _kept(earlier, frozenset()) == ()


def test_options_that_do_not_go_together_are_refused(tmp_path):
    wanted = tmp_path / "expectations.json"
    wanted.write_text(stack().model_dump_json())
    assert run("verify", "--expectations", wanted, "--sample", "1/4").exit_code == 2
    assert run("verify", "--evidence", tmp_path, "--since", wanted).exit_code == 2
    assert "no result" in str(run("verify", "--expectations", wanted, "--since", wanted).exception)
    assert "no share" in str(run("verify", "--expectations", wanted, "--since", wanted, "--sample", "2/3").exception)
