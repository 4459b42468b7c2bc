"""Authoritative answers, over real sockets."""

from __future__ import annotations

import socket
import struct

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import pytest


def test_a_walk_from_the_root_leads_to_the_customers_cname(lab, answers):
    lab.publish("Z1", ("url1.example.com", "CNAME", 300, "sendgrid.net."))
    server, steps = lab.settings.root_servers[0], []
    addresses = {
        rrset.name: rrset[0].address
        for rrset in lab.ask(lab.settings.tld_servers[0], "x.awsdns.lab").additional
        if rrset.rdtype == dns.rdatatype.A
    }
    while True:
        reply = lab.ask(server, "url1.example.com", "CNAME")
        if reply.answer:
            break
        assert not reply.flags & dns.flags.AA
        steps.append(reply.authority[0].name.to_text())
        addresses |= {rrset.name: rrset[0].address for rrset in reply.additional}
        server = addresses[reply.authority[0][0].target]
    assert steps == ["com.", "example.com."]
    assert reply.flags & dns.flags.AA
    assert answers(reply.answer) == ["url1.example.com. CNAME sendgrid.net."]


def test_every_server_of_every_zone_answers_its_soa_with_authority(lab):
    for zone in lab.store.zones():
        for name, address in zone.servers:
            reply = lab.ask(address, zone.name + ".", "SOA")
            assert reply.flags & dns.flags.AA, (zone.name, name)
            assert reply.answer[0][0].serial == zone.serial


def test_parent_and_child_name_the_same_servers(lab, answers):
    for zone_id in ("Z1", "c2", "manual"):
        zone = lab.store.zone(zone_id)
        referral = lab.ask(lab.settings.tld_servers[1], zone.name, "NS")
        apex = lab.ask(zone.servers[0][1], zone.name, "NS")
        assert answers(referral.authority) == answers(apex.answer) != []


def test_a_zone_below_another_customers_zone_is_delegated_from_it(lab, answers):
    reply = lab.ask(lab.settings.server_addresses("route53")[2], "www.child.example.com")
    assert not reply.flags & dns.flags.AA
    assert answers(reply.authority) == [
        "child.example.com. NS ns1.manual-dns.lab.",
        "child.example.com. NS ns2.manual-dns.lab.",
    ]


def test_a_missing_name_and_a_missing_type_carry_the_soa_with_the_negative_ttl(lab):
    lab.publish("Z1", ("www.example.com", "A", 300, "192.0.2.1"))
    server = lab.settings.server_addresses("route53")[0]
    for name, rtype, rcode in (
        ("no.example.com", "A", dns.rcode.NXDOMAIN),
        ("www.example.com", "TXT", dns.rcode.NOERROR),
    ):
        reply = lab.ask(server, name, rtype)
        assert (reply.rcode(), bool(reply.flags & dns.flags.AA), reply.answer) == (rcode, True, [])
        assert reply.authority[0].rdtype == dns.rdatatype.SOA
        assert reply.authority[0].ttl == 120


def test_an_empty_non_terminal_is_nodata_and_hides_the_wildcard_above(lab):
    lab.publish("Z1", ("*.example.com", "A", 300, "192.0.2.9"), ("a.b.example.com", "A", 300, "192.0.2.1"))
    server = lab.settings.server_addresses("route53")[0]
    assert lab.ask(server, "b.example.com").rcode() == dns.rcode.NOERROR
    assert lab.ask(server, "b.example.com").answer == []
    assert lab.ask(server, "x.b.example.com").rcode() == dns.rcode.NXDOMAIN
    lab.publish("Z1", ("a.b.example.com", "A", 300))
    assert lab.ask(server, "x.b.example.com").answer[0].name == dns.name.from_text("x.b.example.com")


def test_a_wildcard_answers_missing_names_only(lab, answers):
    lab.publish(
        "Z1", ("*.w.example.com", "CNAME", 60, "sendgrid.net."), ("real.w.example.com", "CNAME", 60, "spgo.io.")
    )
    server = lab.settings.server_addresses("route53")[0]
    assert answers(lab.ask(server, "x.y.w.example.com").answer) == ["x.y.w.example.com. CNAME sendgrid.net."]
    assert answers(lab.ask(server, "real.w.example.com").answer) == ["real.w.example.com. CNAME spgo.io."]
    assert lab.ask(server, "below.real.w.example.com").rcode() == dns.rcode.NXDOMAIN


def test_a_cname_is_followed_into_other_zones_of_the_same_server_only(lab, answers):
    lab.publish(
        "Z1", ("out.example.com", "CNAME", 60, "sendgrid.net."), ("in.example.com", "CNAME", 60, "out.example.com.")
    )
    reply = lab.ask(lab.settings.server_addresses("route53")[0], "in.example.com")
    assert answers(reply.answer) == ["in.example.com. CNAME out.example.com.", "out.example.com. CNAME sendgrid.net."]
    lab.publish("karte.io", ("alias.karte.io", "CNAME", 60, "sendgrid.net."))
    reply = lab.ask(lab.settings.vendor_servers[0], "alias.karte.io")
    assert answers(reply.answer)[1] == f"sendgrid.net. A {lab.settings.origin_addresses('sendgrid')[0]}"


def test_a_cname_loop_ends(lab):
    lab.publish(
        "Z1", ("a.example.com", "CNAME", 60, "b.example.com."), ("b.example.com", "CNAME", 60, "a.example.com.")
    )
    assert len(lab.ask(lab.settings.server_addresses("route53")[0], "a.example.com").answer) == 2
    assert lab.ask(lab.settings.resolver, "a.example.com").rcode() == dns.rcode.SERVFAIL


def test_a_server_refuses_what_it_does_not_serve_and_transfers(lab):
    reply = lab.ask(lab.settings.server_addresses("route53")[0], "example.org")
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.REFUSED, False)
    assert (
        lab.ask(lab.settings.server_addresses("route53")[0], "example.com", "AXFR", tcp=True).rcode()
        == dns.rcode.REFUSED
    )


def test_the_question_comes_back_byte_for_byte_and_the_owner_as_asked(lab):
    lab.publish("Z1", ("url1.example.com", "CNAME", 300, "sendgrid.net."))
    query = dns.message.make_query("uRL1.eXample.COM", "CNAME").to_wire()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(query, (lab.settings.server_addresses("route53")[0], lab.settings.dns_port))
        packet = client.recv(4096)
    assert packet[12 : len(query)] == query[12:]
    assert dns.message.from_wire(packet).answer[0].name.to_text() == "uRL1.eXample.COM."


def test_the_ipv6_server_is_the_first_cloudflare_server(lab, answers):
    lab.publish("c2", ("click.example.co.jp", "CNAME", 300, "sendgrid.net."))
    reply = lab.ask("::1", "click.example.co.jp", "CNAME")
    assert reply.flags & dns.flags.AA
    assert answers(reply.answer) == ["click.example.co.jp. CNAME sendgrid.net."]
    assert answers(lab.ask("::1", "ada.ns.cloudflare.lab", "AAAA", tcp=True).answer) == [
        "ada.ns.cloudflare.lab. AAAA ::1"
    ]
    glue = answers(lab.ask(lab.settings.tld_servers[0], "x.cloudflare.lab").additional)
    assert "ada.ns.cloudflare.lab. AAAA ::1" in glue


def test_a_large_answer_is_truncated_over_udp_and_whole_over_tcp(lab):
    texts = [f'"{n:03d}{"x" * 200}"' for n in range(20)]
    lab.publish("Z1", ("big.example.com", "TXT", 300, *texts))
    server = lab.settings.server_addresses("route53")[0]
    for edns, limit in ((True, 1232), (False, 512)):
        reply = lab.ask(server, "big.example.com", "TXT", edns=edns)
        assert reply.flags & dns.flags.TC
        assert len(reply.to_wire()) <= limit
        assert reply.edns == (0 if edns else -1)
    assert len(lab.ask(server, "big.example.com", "TXT", tcp=True).answer) == 20


def test_several_queries_on_one_tcp_connection_are_all_answered(lab):
    with socket.create_connection(
        (lab.settings.server_addresses("route53")[0], lab.settings.dns_port), timeout=5
    ) as client:
        for name in ("example.com", "no.example.com"):
            query = dns.message.make_query(name, "SOA")
            wire = query.to_wire()
            client.sendall(struct.pack("!H", len(wire)) + wire)
            length = struct.unpack("!H", client.recv(2, socket.MSG_WAITALL))[0]
            assert query.is_response(dns.message.from_wire(client.recv(length, socket.MSG_WAITALL)))


@pytest.mark.parametrize(
    ("packet", "rcode"),
    [
        (bytes.fromhex("abcd 0100 0001 0000 0000 0000 ff"), dns.rcode.FORMERR),
        (bytes.fromhex("abcd 0100 0000 0000 0000 0000"), dns.rcode.FORMERR),
        (bytes.fromhex("abcd 2800 0001 0000 0000 0000 00 0006 0001"), dns.rcode.NOTIMP),
        (bytes.fromhex("abcd 0000 0001 0000 0000 0000 00 0006 0003"), dns.rcode.REFUSED),
        (bytes.fromhex("abcd 0000 0001 0000 0000 0001 00 0006 0001 00 0029 04d0 00010000 0000"), dns.rcode.BADVERS),
    ],
    ids=["garbage", "no question", "UPDATE", "class CHAOS", "EDNS version 1"],
)
def test_what_is_not_understood_gets_its_error_and_responses_get_none(lab, packet, rcode):
    where = (lab.settings.root_servers[0], lab.settings.dns_port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(packet[:2] + bytes([packet[2] | 0x80]) + packet[3:], where)  # a response: must stay unanswered
        client.sendto(b"\x00", where)
        client.sendto(packet, where)
        reply = client.recv(4096)
    assert reply[:2] == b"\xab\xcd"
    assert dns.message.from_wire(reply).rcode() == rcode


def test_a_ds_question_is_answered_by_the_parent(lab):
    reply = lab.ask(lab.settings.tld_servers[0], "example.com", "DS")
    assert (reply.rcode(), bool(reply.flags & dns.flags.AA)) == (dns.rcode.NOERROR, True)
    assert reply.authority[0].name == dns.name.from_text("com")


def test_a_change_in_the_store_is_served_at_once_with_its_serial(lab):
    server = lab.settings.server_addresses("route53")[3]
    before = lab.ask(server, "example.com", "SOA").answer[0][0].serial
    lab.publish("Z1", ("new.example.com", "A", 60, "192.0.2.1"))
    assert lab.ask(server, "new.example.com").answer[0][0].address == "192.0.2.1"
    assert lab.ask(server, "example.com", "SOA").answer[0][0].serial == before + 1
    lab.publish("Z1", ("new.example.com", "A", 60))
    assert lab.ask(server, "new.example.com").rcode() == dns.rcode.NXDOMAIN


def test_a_slow_server_serves_the_old_zone_and_its_old_serial_until_its_delay_is_over(lab):
    slow, quick = lab.settings.server_addresses("route53")[:2]
    lab.ahead_seconds = 3600  # what was seeded is old by now
    lab.publish("Z1", ("url1.example.com", "CNAME", 300, "sendgrid.net."))
    serial = lab.store.zone("Z1").serial
    lab.store.put("propagation", slow, {"seconds": 4000})
    assert lab.ask(quick, "url1.example.com").answer
    assert lab.ask(slow, "url1.example.com").rcode() == dns.rcode.NXDOMAIN
    assert lab.ask(slow, "example.com", "SOA").answer[0][0].serial < serial
    lab.ahead_seconds = 3600 + 4000
    assert lab.ask(slow, "url1.example.com").answer
    assert lab.ask(slow, "example.com", "SOA").answer[0][0].serial == serial


def test_the_ipv6_socket_has_the_propagation_delay_of_its_server(lab):
    lab.publish("c2", ("click.example.co.jp", "A", 300, "192.0.2.1"))
    lab.store.put("propagation", lab.settings.server_addresses("cloudflare")[0], {"seconds": 600})
    assert lab.ask("::1", "click.example.co.jp").rcode() == dns.rcode.NXDOMAIN
    assert lab.ask(lab.settings.server_addresses("cloudflare")[1], "click.example.co.jp").answer


def test_data_that_fits_no_packet_is_servfail_and_the_server_lives(lab):
    lab.publish("Z1", ("bad.example.com", "A", 300, "not an address"))
    assert lab.ask(lab.settings.server_addresses("route53")[0], "bad.example.com").rcode() == dns.rcode.SERVFAIL
    assert lab.ask(lab.settings.server_addresses("route53")[0], "example.com", "SOA").answer
