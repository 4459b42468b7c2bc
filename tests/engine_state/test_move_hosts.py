"""Tracking hosts that go from one stack to another: what of the files, of the state and of the history goes with them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from linkproof.engine.move.declared import MoveError, declared_after, entry_of
from linkproof.engine.move.journal import keep_journal, read_journal, refuse_half_moved
from linkproof.engine.move.resources import moving
from linkproof.errors import LinkproofError
from linkproof.history.keep import HISTORY_TYPE
from linkproof.plan.build import build

from tests.engine_state.test_move import EDGES, TARGET, ZONES, _begun, _document, _link, _side
from tests.managed import read

MORE_ZONES = "  example.com: {dns: manual}\n  acme.example: {dns: manual}\n"
ACME = "{source: acme, directory: https://ca.example/directory, challenge_zone: acme.example}"
TRACKED = f"""{ZONES}{MORE_ZONES}{EDGES}links:
{_link("one", 1)}tracking_hosts:
  # of the shop
  karte: {{provider: karte, host: t.example.com, state: in-use, certificate: {ACME}}}
  other: {{provider: karte, host: t.example.net, state: in-use}}
"""


def test_a_tracking_host_goes_with_its_record_its_zones_and_its_past() -> None:
    declared = declared_after(_side("a", TRACKED), _side("b", TARGET), ["karte"])
    assert declared.gone == (("tracking_hosts", "karte"), ("zones", "example.com"), ("zones", "acme.example"))
    assert "tracking_hosts:\n  # of the shop\n  karte: {" in declared.target_text
    assert list(declared.source.tracking_hosts) == ["other"]
    assert declared.hosts == {"t.example.com"}

    there = declared_after(_side("a", TRACKED), _side("b", TARGET), ["other", "one"])
    assert there.gone == (("tracking_hosts", "other"), ("links", "one"), ("zones", "example.net"), ("edges", "aws"))
    before = build(read(TRACKED)), build(read(TARGET))
    document = _document("t.example.net", "url1.example.net")
    served = {
        "records": {"t.example.net/CNAME": {}},
        "past": {"_acme-challenge.t.example.net/TXT": [], "at.example.net/A": []},
    }
    document["deployment"]["resources"].append({"type": HISTORY_TYPE, "urn": "x::h", "outputs": served})
    found = moving(before, (build(there.source), build(there.target)), there, document)
    assert {urn.rpartition("::")[2] for urn in found.urns} == {"t.example.net/CNAME", "url1.example.net/CNAME", "url1.example.net"}  # fmt: skip
    assert set(found.records) == {"t.example.net/CNAME", "_acme-challenge.t.example.net/TXT"}


def test_the_past_of_a_host_that_stays_below_one_that_goes_stays() -> None:
    """Without its past the guard would not know how long old answers lead to an edge."""
    below = f"{TRACKED}  below: {{provider: karte, host: k.t.example.com, state: in-use}}\n"
    declared = declared_after(_side("a", below), _side("b", TARGET), ["karte"])
    document = _document("t.example.com", "k.t.example.com")
    past = {f"{name}t.example.com/CNAME": [] for name in ("", "old.", "k.", "old.k.")}
    document["deployment"]["resources"].append({"type": HISTORY_TYPE, "urn": "x::h", "outputs": {"past": past}})
    plans = (build(read(below)), build(read(TARGET))), (build(declared.source), build(declared.target))
    assert set(moving(*plans, declared, document).records) == {"t.example.com/CNAME", "old.t.example.com/CNAME"}


def test_one_that_is_named_twice_goes_once() -> None:
    sides = _side("a", TRACKED), _side("b", TARGET)
    assert declared_after(*sides, ["karte", "tracking_hosts.karte"]) == declared_after(*sides, ["karte"])


def test_a_zone_in_which_a_tracking_host_stays_stays_too() -> None:
    declared = declared_after(_side("a", TRACKED), _side("b", TARGET), ["one"])
    assert [entry for entry in declared.gone if entry[0] == "zones"] == []
    assert "example.net" in {zone.key for zone in declared.source.zones.values()}


HOST = "t.shop.example.com"


@pytest.mark.parametrize(("target", "said"), [
    (f"{TARGET}tracking_hosts:\n  karte: {{provider: karte, host: t.example.net}}\n", "has a tracking host karte already"),
    (TARGET.replace("links:", "  example.com: {dns: cloudflare, id: 023e105f4ecef8ad9ca31a8372d0c353}\nlinks:"), "zones.example.com is not the same"),
    (TARGET.replace("links:", "  shop.example.com: {dns: manual}\nlinks:"), f"{HOST} is in zone example.com here, and would be in shop.example.com there"),
    (
        TARGET.replace("links:", "  example.com: {dns: manual}\nlinks:") + f"tracking_hosts:\n  mine: {{provider: karte, host: {HOST}}}\n",
        "would be wrong without or with what moves",
    ),
])  # fmt: skip
def test_a_tracking_host_that_cannot_go_there_is_refused_with_its_place(target: str, said: str) -> None:
    with pytest.raises(MoveError, match=said):
        declared_after(_side("a", TRACKED.replace("t.example.com", HOST)), _side("b", target), ["karte"])


def test_a_key_that_is_both_is_said_with_its_section() -> None:
    both = read(TRACKED.replace("other:", "one:"))
    assert [entry_of(both, name) for name in ("karte", "tracking_hosts.one", "links.one", "links.karte", "x")] == [
        ("tracking_hosts", "karte"), ("tracking_hosts", "one"), ("links", "one"), None, None,
    ]  # fmt: skip
    with pytest.raises(MoveError, match="one is a link and a tracking host") as raised:
        entry_of(both, "one")
    assert "links.one or tracking_hosts.one" in raised.value.fix


def test_a_journal_keeps_which_of_them_are_tracking_hosts(tmp_path: Path) -> None:
    project, journal = _begun(tmp_path)
    keep_journal(project, dataclasses.replace(journal, hosts=("karte",)))
    left = read_journal(project)
    assert left is not None
    assert (left.links, left.hosts, left.names) == (("x",), ("karte",), "x, karte")
    with pytest.raises(LinkproofError, match="a move of x, karte from a to b was interrupted"):
        refuse_half_moved(project, "a")
