"""Shards and vantages of a faulty lab with real servers, merged, against one run of the whole."""

from __future__ import annotations

import json
import re

import pytest
import typer
from linkproof.commands import merge as merge_command
from linkproof.commands import verify as verify_command
from linkproof.shards.merged import merge
from linkproof.shards.partition import Shard
from linkproof.shards.run import verify_part
from linkproof.verify.report.registry import FORMATS
from typer.testing import CliRunner

from tests.shards.lab import ThreeZones
from tests.verify.world import PATIENT

app = typer.Typer(pretty_exceptions_enable=False)
verify_command.register(app)
merge_command.register(app)


def run(*words):
    return CliRunner().invoke(app, [*map(str, words)])


def same(item):
    """A finding or reason, without the names of the places and of what a run counts itself."""
    return json.dumps(
        {key: value for key, value in item.items() if key not in {"seen_from", "affects"}}, sort_keys=True
    )


def break_it(world):
    """A wrong value at one server, a name that is missing at both, and a server that does not know a zone."""
    world.second.set("url1.shop.test.", "CNAME", ["old.vendor.test."])
    for server in (world.first, world.second):
        server.set("url2.brand.test.", "CNAME", None)
    del world.second.zones["brand.test."]


def test_three_shards_from_two_vantages_find_what_one_run_finds(tmp_path):
    with ThreeZones(tmp_path) as world:
        break_it(world)
        wanted = world.expectations()
        options = world.options(**PATIENT)
        whole = merge([verify_part(wanted, options).to_json()], wanted)
        results = [
            verify_part(wanted, options, shard=Shard(number, 3), vantage=name).to_json()
            for name in ("tokyo", "paris")
            for number in (1, 2, 3)
        ]
    merged = merge(results, wanted, vantages=["tokyo", "paris"])
    assert whole["verdict"] == merged["verdict"] == "differs"
    assert len(whole["findings"]) == 3
    assert [same(item) for item in merged["findings"]] == [same(item) for item in whole["findings"]]
    assert all(item["seen_from"] == ["paris", "tokyo"] for item in merged["findings"])
    assert [same(item) for item in merged["could_not_check"]] == [same(item) for item in whole["could_not_check"]]
    states = {item["id"]: item["seen"]["here"] for item in whole["asked"]}
    assert {item["id"]: item["seen"] for item in merged["asked"]} == {
        one: {"paris": state, "tokyo": state} for one, state in states.items()
    }


@pytest.fixture(scope="module")
def two_views(tmp_path_factory):
    """By the commands: two places that see another world, and a shard of one that never came."""
    folder = tmp_path_factory.mktemp("views")
    with ThreeZones(folder) as world:
        wanted = folder / "expectations.json"
        wanted.write_text(world.expectations().model_dump_json())
        asked = ("--expectations", wanted, "--hints", world.hints, "--dns-port", world.port)
        told = {}
        for name in ("tokyo", "paris"):
            if name == "paris":
                world.second.set("url1.shop.test.", "CNAME", ["old.vendor.test."])
            for number in (1, 2, 3):
                file = folder / f"{name}-{number}.json"
                told[name, number] = run(
                    "verify", *asked, "--shard", f"{number}/3", "--vantage", name, "--report", f"json={file}"
                )
    return folder, wanted, told


def results(folder, *names):
    return [folder / f"{name}-{number}.json" for name in names for number in (1, 2, 3)]


def test_two_vantages_that_differ_are_one_row_in_every_report(two_views):
    folder, wanted, told = two_views
    assert [told["tokyo", number].exit_code for number in (1, 2, 3)] == [0, 0, 0]
    assert sorted(told["paris", number].exit_code for number in (1, 2, 3)) == [0, 0, 1]
    reports = [word for name in FORMATS for word in ("--report", f"{name}={folder / name}")]
    done = run("merge", *results(folder, "tokyo", "paris"), "--expectations", wanted, *reports)
    assert done.exit_code == 1, done.output
    row = next(line for line in done.stdout.splitlines() if "differs  " in line and "right" in line)
    assert row.split() == ["url1.shop.test/click", "url1.shop.test", "CNAME", "differs", "right"]
    assert "from 2 vantages: paris, tokyo" in done.stdout
    assert "seen from paris" in done.stdout
    markdown = (folder / "markdown").read_text()
    assert "| url1.shop.test/click url1.shop.test CNAME | differs | right |" in markdown.replace("\u200b", "")
    page = (folder / "html").read_text()
    assert '<th scope="col">paris</th><th scope="col">tokyo</th>' in page
    wrong = next(line for line in page.split("<tr ")[1:] if "url1.shop.test/click" in line)
    assert re.findall(r"</?summary><span class=\"state ([a-z-]+)\">", wrong) == ["differs", "right"]
    metrics = (folder / "prometheus").read_text()
    assert 'linkproof_vantage_ok{id="url1.shop.test/click",stack="prod",vantage="paris"} 0.0' in metrics
    assert 'linkproof_vantage_ok{id="url1.shop.test/click",stack="prod",vantage="tokyo"} 1.0' in metrics
    assert 'linkproof_expectation_ok{id="url1.shop.test/click"' in metrics
    properties = json.loads((folder / "sarif").read_text())["runs"][0]["properties"]
    assert properties["rows"] == [{"id": "url1.shop.test/click", "paris": "differs", "tokyo": "right"}]
    again = run("merge", folder / "json", *results(folder, "paris"), "--json")
    assert json.loads(again.stdout) == json.loads((folder / "json").read_text())


def test_a_shard_and_a_vantage_that_did_not_report_are_not_checked(two_views):
    folder, wanted, _ = two_views
    there = results(folder, "tokyo")
    assert run("merge", *there, "--expectations", wanted).exit_code == 0
    done = run("merge", *there[:2], "--expectations", wanted, "--report", f"html={folder / 'part.html'}")
    assert done.exit_code == 3
    assert "no result came of shard 3/3 from tokyo" in done.stdout
    assert "tokyo (2 of 3 shards)" in done.stdout
    lost = run("merge", *there, "--expectations", wanted, "--expect-vantage", "tokyo,paris")
    assert lost.exit_code == 3
    assert "no result came from paris" in lost.stdout
    row = next(line for line in lost.stdout.splitlines() if "url1.shop.test/click" in line)
    assert row.split() == ["url1.shop.test/click", "url1.shop.test", "CNAME", "could", "not", "check", "right"]


def test_a_merge_of_what_does_not_belong_together_is_refused(two_views, tmp_path):
    folder, wanted, _ = two_views
    there = results(folder, "tokyo")
    other = tmp_path / "other.json"
    other.write_text(wanted.read_text().replace("url2.brand", "url3.brand"))
    for words, said in (
        ((there[0], "--expectations", other), "other expectations"),
        ((folder / "absent.json",), "absent.json"),
        ((there[0], "--expect-vantage", "Tokyo East"), "not a name"),
    ):
        assert said in str(run("merge", *words).exception)
    assert run("merge").exit_code == 2
