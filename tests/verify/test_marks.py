"""The marks of senders and edges: data with a source, a date and a confidence."""

from __future__ import annotations

import datetime as dt

import pytest
import yaml
from linkproof.verify.marks import EDGE_ANSWERS, SENDER_ANSWERS, edge_answers, sender_answers


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
