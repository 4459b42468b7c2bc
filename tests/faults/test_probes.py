"""Questions that no resolver puts to a server: what it makes of later versions of EDNS, and of names that are not its own."""

from __future__ import annotations

import pytest
from linkproof.verify.replay import judge_again

from tests.faults.servers import (
    DropsEdns,
    DropsEveryOther,
    DropsLaterEdns,
    FailsForLaterEdns,
    FindsEverything,
    KnowsEveryEdns,
    KnowsNoEdns,
    OffersRecursion,
    RateLimited,
    Recursive,
    RefersElsewhere,
)
from tests.faults.zonefiles import delegate
from tests.verify.servers import Honest, RefusesEdns
from tests.verify.world import SHORT, World, expect, record, rules


def found(result):
    return [(f.rule, f.severity, f.id, f.vantage.address) for f in result.findings]


@pytest.mark.parametrize(
    ("kind", "observed"), [(KnowsEveryEdns, "as if it knew"), (DropsLaterEdns, "3 of 3 lost with version 1")]
)
def test_a_server_that_does_not_refuse_a_version_of_edns_that_nobody_knows(tmp_path, kind, observed):
    with World(tmp_path, second=kind) as world:
        result = world.verify(**SHORT)
    assert found(result) == [("dns.edns-version", "warning", "zone/example.test", "127.61.3.2")]
    assert observed in result.findings[0].observed
    assert result.findings[0].reproduce.endswith("+norec +edns=1 example.test. SOA")
    assert world.second.later_versions == (1 if kind is KnowsEveryEdns else 3), "each that is lost costs a time-out"
    assert result.verdict == "proven"


@pytest.mark.parametrize("healthy", [Honest, KnowsNoEdns, FailsForLaterEdns])
def test_badvers_another_failure_and_no_edns_at_all_are_silent(tmp_path, healthy):
    with World(tmp_path, second=healthy) as world:
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(("kind", "rule"), [(DropsEdns, "dns.edns-dropped"), (RefusesEdns, "dns.edns-unsupported")])
def test_what_is_wrong_with_every_edns_is_said_once(tmp_path, kind, rule):
    with World(tmp_path, second=kind) as world:
        result = world.verify(**SHORT)
    assert rules(result) == {rule}


@pytest.mark.parametrize("kind", [DropsEveryOther, RateLimited])
def test_loss_on_the_way_is_no_fault_of_a_version(tmp_path, kind):
    with World(tmp_path, second=kind) as world:
        result = world.verify(attempts=3, timeout_seconds=0.3)
    assert (result.verdict, result.findings) == ("proven", ())


@pytest.mark.parametrize(("kind", "observed"), [(Recursive, "NXDOMAIN for lp-"), (FindsEverything, "with an answer")])
def test_a_server_that_looks_up_what_is_not_its_own(tmp_path, kind, observed):
    with World(tmp_path, second=kind) as world:
        result = world.verify()
    assert found(result) == [("dns.open-recursion", "warning", "zone/example.test", "127.61.3.2")]
    (finding,) = result.findings
    assert observed in finding.observed
    assert "+norec" not in finding.reproduce
    assert finding.reproduce.endswith(".invalid. A")
    assert result.verdict == "proven"


@pytest.mark.parametrize("healthy", [OffersRecursion, RefersElsewhere])
def test_the_flag_alone_or_a_referral_is_no_recursion(tmp_path, healthy):
    with World(tmp_path, second=healthy) as world:
        result = world.verify()
        asked = [name for name, _ in world.second.asked if name.endswith(".invalid.")]
        beside = [name for name, _ in world.first.asked if name.endswith(".invalid.")]
    assert (result.verdict, result.findings) == ("proven", ())
    assert (len(asked), beside) == (1, []), "only who says that it offers recursion is asked"


def test_each_question_is_put_once_for_a_zone_whatever_the_number_of_its_records(tmp_path):
    with World(tmp_path, second=Recursive) as world:
        names = [f"u{number}.example.test." for number in range(20)]
        for server in (world.first, world.second):
            for name in names:
                server.set(name, "CNAME", ["edge.vendor.test."])
        world.verify(expect(*(record(id=f"link/{name}", name=name) for name in names)))
    assert len([name for name, _ in world.second.asked if name.endswith(".invalid.")]) == 1


@pytest.mark.parametrize("kind", [KnowsEveryEdns, DropsLaterEdns, Recursive])
def test_it_is_judged_the_same_from_a_folder_and_not_at_all_from_one_without_these_questions(tmp_path, kind):
    folder = tmp_path / "evidence"
    with World(tmp_path, second=kind) as world:
        live = world.verify(save=folder, **SHORT)
    again = judge_again(folder).result
    assert (again, again.cells) == (live, live.cells)
    without(folder, "edns_version", ".invalid.")
    older = judge_again(folder).result
    assert (older.verdict, older.findings, older.could_not_check) == ("proven", (), ())


def test_several_zones_of_one_server_are_told_apart_in_a_folder(tmp_path):
    folder = tmp_path / "evidence"
    with World(tmp_path, second=Recursive) as world:
        both = {f"ns{number}": f"127.61.3.{number}" for number in (1, 2)}
        zones = [f"z{number}.test." for number in range(8)]
        for zone in zones:
            content = {
                (zone, "NS"): [f"{label}.{zone}" for label in both],
                (f"url.{zone}", "CNAME"): ["edge.vendor.test."],
            }
            content |= {(f"{label}.{zone}", "A"): [address] for label, address in both.items()}
            for server in (world.first, world.second):
                server.load(zone, content)
            delegate(world, zone, both)
        records = [record(id=f"link/{zone}", name=f"url.{zone}") for zone in zones]
        live = world.verify(expect(*records, zones=[]), save=folder)
    assert rules(live) == {"dns.open-recursion"}
    assert {f.observed.split("lp-")[1].partition(".")[2].split(" ")[0].rstrip(",") for f in live.findings} == {
        f"{zone}invalid." for zone in zones
    }
    for _ in range(3):
        assert judge_again(folder).result.findings == live.findings


def without(folder, *parts):
    """Take the questions with one of these parts in their keys out of a folder."""
    import json

    from linkproof.verify.evidence.writer import LINES_FILE

    lines = (folder / LINES_FILE).read_text().splitlines()
    kept = [line for line in lines if not any(part in json.loads(line).get("key", "") for part in parts)]
    assert len(kept) < len(lines)
    (folder / LINES_FILE).write_text("\n".join(kept) + "\n")
