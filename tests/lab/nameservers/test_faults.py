"""Each misbehaviour shows at the server it was ordered for, and nowhere else."""

from __future__ import annotations

import dns.exception
import dns.flags
import dns.name
import dns.rcode
import dns.rdatatype
import pytest
from linkproof_lab.nameservers.misbehave import MODES

NAME = "url1.example.com"


@pytest.fixture
def bad(lab) -> str:
    """The server that misbehaves; a second one of the same zone stays right."""
    lab.publish("Z1", (NAME, "CNAME", 300, "sendgrid.net."), ("other.example.com", "CNAME", 300, "spgo.io."))
    return lab.settings.server_addresses("route53")[0]


@pytest.fixture
def good(lab, bad, answers):
    """Afterwards, the other server still answers right."""
    yield
    reply = lab.ask(lab.settings.server_addresses("route53")[1], NAME, "CNAME")
    assert reply.flags & dns.flags.AA
    assert answers(reply.answer) == [f"{NAME}. CNAME sendgrid.net."]


pytestmark = pytest.mark.usefixtures("good")


def test_every_mode_has_its_test():
    import sys

    tests = {name for name in dir(sys.modules[__name__]) if name.startswith("test_mode_")}
    assert tests == {f"test_mode_{mode.replace('-', '_')}" for mode in MODES}


def test_mode_wrong_value(lab, bad, answers):
    lab.fault(server=bad, zone="example.com", name=NAME, type="CNAME", mode="wrong-value", data=["evil.example.org."])
    for rtype in ("CNAME", "A"):
        reply = lab.ask(bad, NAME, rtype)
        assert reply.flags & dns.flags.AA
        assert answers(reply.answer) == [f"{NAME}. CNAME evil.example.org."]
    assert answers(lab.ask(bad, "other.example.com").answer) == ["other.example.com. CNAME spgo.io."]


def test_wrong_value_without_a_type_replaces_the_cname_and_may_change_the_ttl(lab, bad, answers):
    lab.fault(server=bad, mode="wrong-value", name=NAME, data=["evil.example.org."], ttl=7)
    reply = lab.ask(bad, NAME, "A")
    assert answers(reply.answer) == [f"{NAME}. CNAME evil.example.org."]
    assert reply.answer[0].ttl == 7


def test_mode_missing_name(lab, bad):
    lab.fault(server=bad, zone="example.com", name=NAME, mode="missing-name")
    reply = lab.ask(bad, NAME, "CNAME")
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.NXDOMAIN, True)
    assert reply.authority[0].rdtype == dns.rdatatype.SOA


def test_mode_missing_type(lab, bad):
    lab.fault(server=bad, name=NAME, type="CNAME", mode="missing-type")
    for rtype in ("CNAME", "A"):
        reply = lab.ask(bad, NAME, rtype)
        assert (reply.rcode(), bool(reply.flags & dns.flags.AA), reply.answer) == (dns.rcode.NOERROR, True, [])
        assert reply.authority[0].rdtype == dns.rdatatype.SOA


def test_mode_refused(lab, bad):
    lab.fault(server=bad, zone="example.com", mode="refused")
    reply = lab.ask(bad, NAME)
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.REFUSED, False)
    assert lab.ask(bad, "awsdns.lab", "SOA").answer, "another zone of that server is not concerned"


def test_mode_servfail(lab, bad):
    lab.fault(server=bad, mode="servfail")
    assert lab.ask(bad, NAME).rcode() == dns.rcode.SERVFAIL


def test_mode_upward_referral(lab, bad):
    lab.fault(server=bad, zone="example.com", mode="upward-referral")
    reply = lab.ask(bad, NAME)
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA), reply.answer) == (dns.rcode.NOERROR, False, [])
    assert reply.authority[0].name == dns.name.root
    assert reply.authority[0].rdtype == dns.rdatatype.NS


def test_mode_nonauth_empty(lab, bad):
    lab.fault(server=bad, zone="example.com", mode="nonauth-empty")
    reply = lab.ask(bad, NAME)
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.NOERROR, False)
    assert reply.answer == reply.authority == []


def test_mode_non_authoritative(lab, bad, answers):
    lab.fault(server=bad, zone="example.com", mode="non-authoritative")
    reply = lab.ask(bad, NAME, "CNAME")
    assert not reply.flags & dns.flags.AA
    assert answers(reply.answer) == [f"{NAME}. CNAME sendgrid.net."]


def test_mode_timeout(lab, bad):
    lab.fault(server=bad, name=NAME, mode="timeout")
    assert lab.silent(bad, NAME)
    assert lab.silent(bad, NAME, tcp=True)
    assert lab.ask(bad, "other.example.com").answer


def test_mode_duplicate_cname(lab, bad, answers):
    lab.fault(server=bad, name=NAME, mode="duplicate-cname", data=["second.example.org."])
    assert answers(lab.ask(bad, NAME, "CNAME").answer) == [
        f"{NAME}. CNAME second.example.org.",
        f"{NAME}. CNAME sendgrid.net.",
    ]


def test_mode_stale(lab, bad, answers):
    serial = lab.store.zone("Z1").serial
    lab.publish("Z1", (NAME, "CNAME", 300, "spgo.io."))
    lab.fault(server=bad, zone="example.com", mode="stale", serial=serial)
    assert answers(lab.ask(bad, NAME, "CNAME").answer) == [f"{NAME}. CNAME sendgrid.net."]
    assert lab.ask(bad, "example.com", "SOA").answer[0][0].serial == serial
    current = lab.settings.server_addresses("route53")[1]
    assert lab.ask(current, "example.com", "SOA").answer[0][0].serial == serial + 1
    lab.publish("Z1", (NAME, "CNAME", 300, "sendgrid.net."))


def test_stale_by_time_serves_the_zone_as_it_was(lab, bad):
    lab.ahead_seconds = 1000
    lab.fault(server=bad, zone="example.com", mode="stale", seconds=2000)
    assert lab.ask(bad, NAME).rcode() == dns.rcode.NXDOMAIN
    lab.ahead_seconds = 2010
    assert lab.ask(bad, NAME).answer


def test_mode_drop_edns(lab, bad):
    lab.fault(server=bad, mode="drop-edns")
    assert lab.silent(bad, NAME)
    assert lab.ask(bad, NAME, edns=False).answer


def test_mode_formerr_edns(lab, bad):
    lab.fault(server=bad, mode="formerr-edns")
    reply = lab.ask(bad, NAME)
    assert (reply.rcode(), reply.edns) == (dns.rcode.FORMERR, -1)
    assert lab.ask(bad, NAME, edns=False).answer


def test_mode_no_tcp(lab, bad):
    lab.fault(server=bad, mode="no-tcp")
    with pytest.raises((EOFError, OSError)):
        lab.ask(bad, NAME, tcp=True)
    assert lab.ask(bad, NAME).answer


def test_mode_truncated(lab, bad):
    lab.fault(server=bad, mode="truncated")
    reply = lab.ask(bad, NAME)
    assert reply.flags & dns.flags.TC
    assert reply.answer == []
    assert lab.ask(bad, NAME, tcp=True).answer


def test_faults_on_one_question_add_up(lab, bad, answers):
    lab.fault(server=bad, name=NAME, mode="non-authoritative")
    lab.fault(server=bad, name=NAME, mode="wrong-value", data=["evil.example.org."])
    reply = lab.ask(bad, NAME, "CNAME")
    assert not reply.flags & dns.flags.AA
    assert answers(reply.answer) == [f"{NAME}. CNAME evil.example.org."]


def test_a_fault_is_gone_with_its_document(lab, bad, answers):
    lab.fault(server="*", zone="example.com", mode="servfail")
    assert lab.ask(bad, NAME).rcode() == dns.rcode.SERVFAIL
    lab.store.delete("dns-fault", "fault-0")
    assert answers(lab.ask(bad, NAME, "CNAME").answer) == [f"{NAME}. CNAME sendgrid.net."]


def test_the_resolver_uses_the_servers_that_work_and_fails_when_none_does(lab, bad):
    for mode, server in zip(
        ("refused", "upward-referral", "drop-edns"), lab.settings.server_addresses("route53")[:3], strict=False
    ):
        lab.fault(server=server, zone="example.com", mode=mode)
    assert lab.ask(lab.settings.resolver, NAME, timeout=10).answer[0][0].target == dns.name.from_text("sendgrid.net")
    lab.fault(server="*", zone="example.com", name="other.example.com", mode="non-authoritative")
    assert lab.ask(lab.settings.resolver, "other.example.com", timeout=10).rcode() == dns.rcode.SERVFAIL
    for n in range(4):
        lab.store.delete("dns-fault", f"fault-{n}")


def test_the_resolver_itself_can_be_dead_or_broken(lab, bad):
    lab.fault(server=lab.settings.resolver, mode="servfail", zone="example.com")
    assert lab.ask(lab.settings.resolver, NAME).rcode() == dns.rcode.SERVFAIL
    assert lab.ask(lab.settings.resolver, "sendgrid.net").answer
    lab.fault(server=lab.settings.resolver, mode="timeout", name="sendgrid.net")
    assert lab.silent(lab.settings.resolver, "sendgrid.net")
