"""The caching resolver, over real sockets; its clock stands still unless the test moves it."""

from __future__ import annotations

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype


def ttls(reply: dns.message.Message) -> list[int]:
    return [rrset.ttl for rrset in reply.answer]


def test_it_follows_a_cname_across_zones_without_authority(lab, answers):
    lab.publish("Z1", ("url1.example.com", "CNAME", 300, "sendgrid.net."))
    reply = lab.ask(lab.settings.resolver, "url1.example.com")
    assert answers(reply.answer) == [
        f"sendgrid.net. A {lab.settings.origin_addresses('sendgrid')[0]}",
        "url1.example.com. CNAME sendgrid.net.",
    ]
    assert reply.flags & dns.flags.RA
    assert not reply.flags & (dns.flags.AA | dns.flags.AD)


def test_a_kept_answer_counts_down_and_is_asked_anew_at_zero(lab):
    lab.publish("Z1", ("www.example.com", "A", 300, "192.0.2.1"))
    assert ttls(lab.ask(lab.settings.resolver, "www.example.com")) == [300]
    lab.publish("Z1", ("www.example.com", "A", 200, "192.0.2.2"))
    lab.ahead_seconds = 299
    old = lab.ask(lab.settings.resolver, "WWW.example.com")
    assert (ttls(old), old.answer[0][0].address) == ([1], "192.0.2.1")
    assert old.answer[0].name.to_text() == "WWW.example.com."
    lab.ahead_seconds = 300
    new = lab.ask(lab.settings.resolver, "www.example.com")
    assert (ttls(new), new.answer[0][0].address) == ([200], "192.0.2.2")


def test_a_missing_name_is_remembered_for_all_types_and_for_its_negative_ttl(lab):
    resolver = lab.settings.resolver
    first = lab.ask(resolver, "late.example.com")
    assert (first.rcode(), first.authority[0].ttl) == (dns.rcode.NXDOMAIN, 120)
    lab.publish("Z1", ("late.example.com", "TXT", 300, '"here"'))
    lab.ahead_seconds = 119
    still = lab.ask(resolver, "late.example.com", "TXT")
    assert (still.rcode(), still.authority[0].ttl) == (dns.rcode.NXDOMAIN, 1)
    lab.ahead_seconds = 120
    assert lab.ask(resolver, "late.example.com", "TXT").answer


def test_a_missing_type_is_remembered_for_that_type_only(lab):
    resolver = lab.settings.resolver
    lab.publish("Z1", ("www.example.com", "A", 300, "192.0.2.1"))
    assert lab.ask(resolver, "www.example.com", "TXT").authority[0].rdtype == dns.rdatatype.SOA
    lab.publish("Z1", ("www.example.com", "TXT", 300, '"new"'), ("www.example.com", "AAAA", 300, "2001:db8::1"))
    assert lab.ask(resolver, "www.example.com", "TXT").answer == []
    assert lab.ask(resolver, "www.example.com", "AAAA").answer


def test_a_dangling_cname_is_given_with_the_name_error_of_its_target(lab, answers):
    lab.publish("Z1", ("url1.example.com", "CNAME", 300, "gone.cloudfront.net."))
    for _ in range(2):  # from the authorities, then from the cache
        reply = lab.ask(lab.settings.resolver, "url1.example.com")
        assert reply.rcode() == dns.rcode.NXDOMAIN
        assert answers(reply.answer) == ["url1.example.com. CNAME gone.cloudfront.net."]
        assert reply.authority[0].name == dns.name.from_text("cloudfront.net")


def test_a_flush_forgets_everything(lab):
    resolver = lab.settings.resolver
    assert lab.ask(resolver, "late.example.com").rcode() == dns.rcode.NXDOMAIN
    lab.publish("Z1", ("late.example.com", "A", 300, "192.0.2.1"))
    assert lab.ask(resolver, "late.example.com").rcode() == dns.rcode.NXDOMAIN
    lab.part.flush_resolver()
    assert lab.ask(resolver, "late.example.com").answer


def test_it_asks_by_tcp_when_an_answer_does_not_fit_and_answers_by_tcp(lab):
    lab.publish("Z1", ("big.example.com", "TXT", 300, *(f'"{n:03d}{"x" * 200}"' for n in range(20))))
    assert lab.ask(lab.settings.resolver, "big.example.com", "TXT").flags & dns.flags.TC
    assert len(lab.ask(lab.settings.resolver, "big.example.com", "TXT", tcp=True).answer) == 20


def test_without_recursion_desired_it_refuses(lab):
    query = dns.message.make_query("example.com", "SOA", flags=0)
    reply = dns.query.udp(query, lab.settings.resolver, timeout=5, port=lab.settings.dns_port)
    assert reply.rcode() == dns.rcode.REFUSED


def test_it_resolves_below_a_zone_cut_inside_a_customers_zone(lab):
    lab.publish("child", ("www.child.example.com", "A", 300, "192.0.2.7"))
    assert lab.ask(lab.settings.resolver, "www.child.example.com").answer[0][0].address == "192.0.2.7"
    assert lab.ask(lab.settings.resolver, "child.example.com", "DS").authority[0].name == dns.name.from_text(
        "example.com"
    )
