"""What the measurements claim about their own internet."""

from __future__ import annotations

import dns.name
import dns.zone
import pytest
from linkproof.expectations.model import parse

from bench.internet import plan
from bench.internet.command import Run
from bench.internet.namespace import CannotMeasureError

SHAPE = plan.Shape(links=3, servers=8, resolvers=2, zones=2)


def test_the_verifier_reads_its_expectations():
    expectations = parse(plan.expectations(SHAPE))
    assert len(expectations.records) == SHAPE.links + 1
    assert len(expectations.endpoints) == len(expectations.caa) == SHAPE.links


@pytest.mark.parametrize("name", sorted(plan.zones(SHAPE)))
def test_every_zone_loads_and_names_servers_that_have_addresses(name):
    zone = dns.zone.from_text(plan.zones(SHAPE)[name], dns.name.from_text(name), relativize=False, check_origin=False)
    servers = {item.target for item in zone.get_rdataset(zone.origin, "NS")}
    assert servers
    assert all(zone.get_rdataset(server, "A") for server in servers if server.is_subdomain(zone.origin))


def test_the_zone_holds_what_is_expected():
    records = {item["name"]: item["values"] for item in plan.expectations(SHAPE)["records"]}
    texts = plan.zones(SHAPE)
    zones = {
        f"{name}.": dns.zone.from_text(texts[f"{name}."], dns.name.from_text(name), relativize=False)
        for name in SHAPE.customers()
    }
    for name, values in records.items():
        zone = zones[name.partition(".")[2]]
        assert [item.target.to_text() for item in zone.get_rdataset(name, "CNAME")] == values


def _run(output: str) -> Run:
    return Run(1.0, 1.0, 50.0, 0, output)


def test_a_run_with_the_meant_verdict_counts():
    assert _run('{"verdict": "proven"}').document() == {"verdict": "proven"}


def test_a_run_with_another_verdict_is_no_measurement():
    differs = '{"verdict": "differs", "findings": [{"rule": "dns.timeout"}], "could_not_check": []}'
    with pytest.raises(CannotMeasureError, match="differs, expected proven"):
        _run(differs).document()
    with pytest.raises(CannotMeasureError, match="no such option"):
        _run("no such option").document()
