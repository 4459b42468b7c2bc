"""The data files: root hints, published ranges, and the marks of senders and edges."""

from __future__ import annotations

import datetime as dt
import ipaddress

import pytest
import yaml
from linkproof.errors import LinkproofError
from linkproof.verify.judge.ranges import published_ranges
from linkproof.verify.marks import EDGE_ANSWERS, SENDER_ANSWERS, edge_answers, sender_answers
from linkproof.verify.observe.dns.root_hints import load_hints


def test_the_built_in_hints_name_the_thirteen_root_servers():
    servers = load_hints(None)
    assert len({server.server for server in servers}) == 13
    assert [server.family for server in servers] == [4] * 13 + [6] * 13
    for server in servers:
        assert ipaddress.ip_address(server.address).is_global


@pytest.mark.parametrize("text", ["", "; nothing\n", ". 1 NS a.\n", "this is { not a zone\n", "a. 1 A 192.0.2.1\n"])
def test_hints_without_a_root_server_are_bad_input(tmp_path, text):
    file = tmp_path / "root.hints"
    file.write_text(text)
    with pytest.raises(LinkproofError) as caught:
        load_hints(file)
    assert str(file) in caught.value.problem
    with pytest.raises(LinkproofError):
        load_hints(tmp_path / "missing")


def test_published_ranges_are_networks_of_both_families():
    ranges = published_ranges("cloudflare")
    assert {network.version for network in ranges} == {4, 6}
    assert published_ranges("cloudfront") == ()


@pytest.mark.parametrize("path", [*SENDER_ANSWERS.values(), *EDGE_ANSWERS.values()], ids=lambda path: path.parent.name)
def test_every_mark_has_a_source_a_date_and_a_confidence(path):
    tree = yaml.safe_load(path.read_text())
    assert tree["version"] == 1
    for mark in tree["marks"]:
        assert mark["source"].startswith("https://")
        assert isinstance(mark["date"], dt.date)
        assert mark["confidence"] in {"high", "medium", "low"}
    assert len({mark["id"] for mark in tree["marks"]}) == len(tree["marks"])


def test_probes_are_the_requests_that_leave_no_event():
    probes = {name: sender_answers(name).probe for name in SENDER_ANSWERS}
    shown = {name: probe and f"{probe.method} {probe.path}" for name, probe in probes.items()}
    assert shown == {
        "karte": None,
        "sendgrid": "GET /ls/click?upn=",
        "ses": "HEAD /favicon.ico",
        "sparkpost": "GET /f/a/b/c/d",
    }


def test_a_sender_or_edge_without_a_file_has_no_marks():
    assert sender_answers("somebody").probe is None
    assert edge_answers("somebody").marks == ()
