"""The control API and its client, against one running lab."""

from __future__ import annotations

import dns.rcode
import pytest
from linkproof_lab.client import LabControl, LabRefusedError
from linkproof_lab.commands import down, up
from linkproof_lab.world import CustomerZone


@pytest.fixture(scope="module")
def settings(tmp_path_factory, choose_settings, zones, parts):
    """One lab for all tests of this file."""
    chosen = choose_settings(tmp_path_factory.mktemp("control"))
    up(chosen, zones, parts)
    yield chosen
    down(chosen)


@pytest.fixture
def control(settings):
    with LabControl(settings) as client:
        yield client
        for kind, documents in client.dump()["documents"].items():
            for key in documents:
                client.delete_document(kind, key)
        client.set_records("manual", [{**rrset, "data": []} for rrset in client.records("manual")["rrsets"]])


def test_faults_are_ordered_listed_and_lifted(control, settings, ask):
    server = settings.server_addresses("route53")[0]
    doc = {"server": server, "zone": "example.com", "mode": "refused"}
    control.put_fault("first", doc)
    assert control.faults() == {"first": doc}
    assert control.fault("first") == control.document("dns-fault", "first") == doc
    assert ask(server, "example.com", "SOA").rcode() == dns.rcode.REFUSED
    control.delete_fault("first")
    assert ask(server, "example.com", "SOA").rcode() == dns.rcode.NOERROR
    with pytest.raises(LabRefusedError, match="404") as refusal:
        control.fault("first")
    assert refusal.value.status == 404
    control.put_fault("second", doc)
    control.clear_faults()
    assert control.faults() == {}


@pytest.mark.parametrize(
    ("doc", "reason"),
    [
        ({"mode": "explode"}, "unknown mode 'explode'(.|\n)*nonauth-empty"),
        ({"mode": "wrong-value", "name": "a.example.com"}, "needs `data`"),
        ({"mode": "wrong-value", "type": "A", "data": ["sendgrid.net."]}, "is no A data"),
        ({"mode": "stale", "serial": "newest"}, "serial is not a number"),
        ({"mode": "refused", "server": 5}, "server is not a text"),
    ],
)
def test_a_fault_that_no_server_could_act_on_is_refused(control, doc, reason):
    with pytest.raises(LabRefusedError, match=reason):
        control.put_fault("bad", doc)
    with pytest.raises(LabRefusedError, match=reason):
        control.put_document("dns-fault", "bad", doc)
    assert control.faults() == {}


def test_documents_of_any_kind_are_kept_for_the_parts_that_read_them(control):
    control.put_document("edge-fault", "url1.example.com/443", {"mode": "drop-host"})
    assert control.documents("edge-fault") == {"url1.example.com/443": {"mode": "drop-host"}}
    assert control.dump()["documents"]["edge-fault"] == control.documents("edge-fault")
    control.delete_document("edge-fault", "url1.example.com/443")
    with pytest.raises(LabRefusedError, match="404"):
        control.delete_document("edge-fault", "url1.example.com/443")
    assert "edge-fault" not in control.dump()["documents"]


def test_a_propagation_delay_hides_a_change_and_a_negative_one_is_refused(control, settings, ask):
    slow, quick = settings.server_addresses("manual")
    control.set_propagation(slow, 3600)
    control.set_records("manual", [{"name": "new.example.org", "type": "A", "ttl": 60, "data": ["192.0.2.1"]}])
    assert ask(slow, "new.example.org").rcode() == dns.rcode.NXDOMAIN
    assert ask(quick, "new.example.org").answer
    with pytest.raises(LabRefusedError, match="seconds is -1"):
        control.set_propagation(slow, -1)


def test_records_of_a_manual_zone_are_set_and_removed(control, settings, ask):
    name = "click.example.org"
    answer = control.set_records("manual", [{"name": f"{name}.", "type": "cname", "data": ["sendgrid.net."]}])
    assert answer["rrsets"] == [{"name": name, "type": "CNAME", "ttl": 300, "data": ["sendgrid.net."]}]
    assert ask(settings.server_addresses("manual")[0], name, "CNAME").answer
    serial = control.records("manual")["serial"]
    assert control.set_records("manual", [{"name": name, "type": "CNAME", "data": []}])["rrsets"] == []
    assert control.records("manual")["serial"] == serial + 1
    assert ask(settings.server_addresses("manual")[0], name, "CNAME").rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(
    ("rrset", "reason"),
    [
        ({"name": "www.example.com", "type": "A", "data": ["192.0.2.1"]}, "is not in zone example.org"),
        ({"name": "www.example.org", "type": "A", "data": ["192.0.2.256"]}, "is no A data"),
        ({"name": "www.example.org", "type": "NOSUCH", "data": ["x"]}, "is no NOSUCH data"),
        ({"name": "example.org", "type": "CNAME", "data": ["sendgrid.net."]}, "SOA and NS"),
        ({"name": "taken.example.org", "type": "CNAME", "data": ["sendgrid.net."]}, "stands beside A"),
        ({"name": "example.org", "type": "SOA", "data": ["a. b. 1 2 3 4 5"]}, "from the zone itself"),
        ({"name": "www.example.org"}, "not a list of record sets"),
    ],
)
def test_records_that_a_dns_host_would_refuse_are_refused_and_nothing_is_written(control, rrset, reason):
    before = control.set_records("manual", [{"name": "taken.example.org", "type": "A", "data": ["192.0.2.1"]}])
    with pytest.raises(LabRefusedError, match=reason):
        control.set_records("manual", [{"name": "fine.example.org", "type": "A", "data": ["192.0.2.2"]}, rrset])
    assert control.records("manual") == before


def test_records_that_a_vendors_api_holds_are_left_to_that_api(control):
    with pytest.raises(LabRefusedError, match="route53 API") as refusal:
        control.set_records("Z1", [])
    assert refusal.value.status == 409
    with pytest.raises(LabRefusedError, match="no zone with the id"):
        control.records("nowhere")


def test_a_flush_makes_the_resolver_ask_again(control, settings, ask):
    assert ask(settings.resolver, "late.example.org").rcode() == dns.rcode.NXDOMAIN
    control.set_records("manual", [{"name": "late.example.org", "type": "A", "data": ["192.0.2.1"]}])
    assert ask(settings.resolver, "late.example.org").rcode() == dns.rcode.NXDOMAIN
    control.flush_resolver()
    assert ask(settings.resolver, "late.example.org").answer


def test_a_seed_that_is_not_a_list_of_zones_is_refused(control):
    with pytest.raises(LabRefusedError, match=r"sendgrid\.net"):
        control.seed([CustomerZone("x", "sendgrid.net", "manual")])
    with pytest.raises(LabRefusedError, match="not a list of customer zones"):
        control._call("POST", "/seed", {"zones": [{"name": "example.net"}]})
    with pytest.raises(LabRefusedError, match="not a JSON object"):
        control._call("POST", "/seed", [])
