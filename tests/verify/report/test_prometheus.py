"""The Prometheus text format, by the parser of its own client library."""

from __future__ import annotations

from dataclasses import replace

import pytest
from linkproof.verify.report.escape import printable
from linkproof.verify.report.prometheus import render
from prometheus_client.parser import text_string_to_metric_families

from tests.verify.report.many import company
from tests.verify.report.nasty import AT, STRINGS, result

NAMES = {
    "linkproof_verdict",
    "linkproof_expectation_ok",
    "linkproof_findings",
    "linkproof_cells",
    "linkproof_certificate_expiry_seconds",
    "linkproof_answer_seconds",
    "linkproof_last_run_timestamp_seconds",
}


def families(text):
    found = {family.name: family for family in text_string_to_metric_families(text)}
    for family in found.values():
        assert family.type == "gauge"
        assert family.documentation
        labels = [tuple(sorted(sample.labels.items())) for sample in family.samples]
        assert len(labels) == len(set(labels)), f"{family.name}: a series stands once"
    return found


def test_the_client_library_reads_every_metric_with_its_help_and_type():
    found = families(render(*company(3, wrong_each=2), AT))
    assert set(found) == NAMES
    ok = {sample.labels["id"]: sample.value for sample in found["linkproof_expectation_ok"].samples}
    assert ok == {
        "link0/click": 0,
        "link0/edge": 1,
        "link1/click": 1,
        "link1/edge": 1,
        "link2/click": 0,
        "link2/edge": 1,
    }
    seconds = {
        (sample.labels["kind"], sample.labels["transport"]): sample.value
        for sample in found["linkproof_answer_seconds"].samples
    }
    assert seconds == {
        ("authoritative", "udp"): 0.004,
        ("resolver", "udp"): 0.004,
        ("edge", "tls"): 0.02,
        ("edge", "https"): 0.03,
        ("edge", "http"): 0.03,
    }


def test_a_server_is_as_slow_as_its_slowest_answer():
    found, wanted = company(2)
    slow = tuple(
        replace(cell, seconds=1.5) if cell.id == "link1/click" and cell.vantage.server == "1.1.1.1" else cell
        for cell in found.cells
    )
    samples = families(render(replace(found, cells=slow), wanted, AT))["linkproof_answer_seconds"].samples
    assert [sample.value for sample in samples if sample.labels["server"] == "1.1.1.1"] == [1.5]


@pytest.mark.parametrize("position", range(len(STRINGS)))
def test_hostile_labels_are_read_back_as_the_text_that_is_shown(position):
    text = STRINGS[position]
    found = families(render(*result(text), AT))
    assert set(found) <= NAMES
    servers = {sample.labels["server"] for sample in found["linkproof_answer_seconds"].samples}
    assert servers == {printable(text)}


def test_the_parser_refuses_what_is_not_escaped():
    whole = render(*company(1), AT)
    with pytest.raises(ValueError, match="could not convert"):
        families(whole.replace('stack="prod"', 'stack="pr"od"', 1))
