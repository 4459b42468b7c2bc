"""Name servers that try to wear the verifier out: each gets its verdict after a bounded number of questions and octets."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.verify.hostile import Heavy, ManyOptions, Raw, Stream, WholeChain, then_hold
from tests.verify.servers import CutsShortWithoutTcp, Honest
from tests.verify.world import CLICK, SHORT, TARGET, World, errors, expect, record

SECOND = "127.61.3.2"
# These servers are slow to write, and no verdict here may depend on how slow.
PATIENT = {"timeout_seconds": 20}
# A healthy World takes about 40; a fault of one server adds a few for each attempt and transport.
MOST_QUESTIONS = 150


def of_second(result):
    return [cell for cell in result.cells if cell.vantage.address == SECOND]


def over_tcp(tmp_path, talk, **changes):
    """Verify with a second server that cuts everything short and then talks over TCP as `talk` says."""
    with World(tmp_path, second=CutsShortWithoutTcp) as world:
        stream = Stream(lambda request, send, reader: talk(world.second, request, send, reader), until=b"")
        world.loop.serve_stream(stream.handle, SECOND, world.port)
        result = world.verify(**changes)
        asked = sum(world.second.asked.values())
    assert result.timing["dns_queries"] <= MOST_QUESTIONS
    assert stream.connections <= asked
    return result, stream


async def octet_by_octet(server, request, send, reader):
    (packet,) = server.packets(request, tcp=True)
    for octet in len(packet).to_bytes(2, "big") + packet:
        await send(bytes([octet]))


def test_an_answer_over_tcp_that_comes_octet_by_octet_is_an_answer(tmp_path):
    result, stream = over_tcp(tmp_path, octet_by_octet)
    assert (result.verdict, result.findings) == ("proven", ())
    assert stream.sent > 100
    assert {cell.state for cell in of_second(result)} == {"right"}


@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize(
    "cut",
    [
        lambda packet: b"",
        lambda packet: b"\0",
        lambda packet: b"\xff\xff" + packet,
        lambda packet: len(packet).to_bytes(2, "big") + packet[:-1],
    ],
)
def test_an_answer_over_tcp_that_never_ends_is_no_answer(tmp_path, cut, holds):
    async def talk(server, request, send, reader):
        (packet,) = server.packets(request, tcp=True)
        await send(cut(packet))
        if holds:
            await reader.read()

    result, _ = over_tcp(tmp_path, talk, **SHORT)
    assert errors(result) == {"dns.tcp-unreachable"}
    assert {finding.vantage.address for finding in result.findings} == {SECOND}


@pytest.mark.parametrize(("last", "verdict", "found"), [("x", "proven", set()), ("y", "differs", {"dns.wrong-value"})])
def test_a_txt_of_64_kib_is_compared_to_its_last_octet_and_shown_in_part(tmp_path, last, verdict, found):
    long = "x" * 65_024
    with World(tmp_path, first=Heavy, second=Heavy) as world:
        for server in (world.first, world.second):
            text = long + last
            strings = " ".join(f'"{text[at : at + 255]}"' for at in range(0, len(text), 255))
            server.set("t.example.test.", "TXT", [strings])
        wanted = record(id="t", name="t.example.test.", type="TXT", values=[f"{long}x"], resolve="none")
        result = world.verify(expect(wanted), **PATIENT)
    assert (result.verdict, errors(result)) == (verdict, found)
    for finding in result.findings:
        assert max(len(finding.expected), len(finding.observed)) < 5000


def test_a_thousand_cnames_at_one_name_are_one_finding_a_server(tmp_path):
    with World(tmp_path) as world:
        for server in (world.first, world.second):
            server.set(CLICK, "CNAME", [f"c{number}.vendor.test." for number in range(1000)])
        result = world.verify(**PATIENT)
    assert errors(result) == {"dns.duplicate-cname"}
    assert result.timing["dns_queries"] <= MOST_QUESTIONS
    assert all(len(finding.observed) < 5000 for finding in result.findings)


@pytest.mark.parametrize("in_one_answer", [True, False])
@pytest.mark.parametrize(("links", "found"), [(1000, {"dns.cname-loop"}), (6, set())])
def test_a_chain_of_a_thousand_cnames_is_followed_so_far_and_no_further(tmp_path, in_one_answer, links, found):
    names = [CLICK, *(f"c{number}.example.test." for number in range(links)), TARGET]
    kind = WholeChain if in_one_answer else Honest
    with World(tmp_path, first=kind, second=kind) as world:
        for server in (world.first, world.second):
            if in_one_answer:
                server.lay(names)
            else:
                for name, target in pairwise(names):
                    server.set(name, "CNAME", [target])
        result = world.verify(expect(record(values=[names[1]])), **PATIENT)
    assert errors(result) == found
    assert result.timing["dns_queries"] <= MOST_QUESTIONS


@pytest.mark.parametrize(
    ("header", "rest"),
    [
        ("8400 0001 0001 0000 0000", "{at} 0005 0001 0000003c 0002 c00c"),  # an owner that points to itself
        ("8400 0001 0001 0000 0000", "c0ff 0005 0001 0000003c 0002 c00c"),  # forward
        ("8400 0001 0001 0000 0000", "c00c 0005 0001 0000003c 0002 {value}"),  # a value that points to itself
        ("8400 0001 ffff ffff ffff", ""),  # 65,535 records in each section
        ("8400 ffff 0000 0000 0000", ""),  # 65,535 questions
        ("8400 0001 0000 0000 0001", "00 0029 04d0 00000000 ffff 000a ffff 00"),  # an option that ends elsewhere
    ],
)
def test_a_packet_that_leads_round_or_out_of_itself_is_malformed(tmp_path, header, rest):
    with World(tmp_path) as world:
        end = 12 + len("example.test.") + 1 + 4  # of the question about the zone, which all depends on
        places = {"at": f"{0xC000 | end:04x}", "value": f"{0xC000 | end + 12:04x}"}
        raw = Raw()
        raw.header, raw.rest = bytes.fromhex(header), bytes.fromhex(rest.format(**places))
        raw.zones, world.second.packets = world.second.zones, raw.packets
        result = world.verify(**SHORT)
    assert errors(result) == {"dns.malformed"}
    assert {finding.vantage.address for finding in result.findings} == {SECOND}
    assert result.timing["dns_queries"] <= MOST_QUESTIONS


def test_options_that_nobody_asked_for_change_nothing(tmp_path):
    with World(tmp_path, second=ManyOptions) as world:
        result = world.verify()
    assert (result.verdict, result.findings) == ("proven", ())


def test_a_delegation_to_a_thousand_names_costs_a_few_questions_each(tmp_path):
    """NXNSAttack: every name of a delegation makes its reader ask somebody else for a cut and two kinds of address."""
    with World(tmp_path) as world:
        names = [f"n{number}.vendor.test." for number in range(1000)]
        world.tld.set("example.test.", "NS", ["ns1.example.test.", *names])
        result = world.verify(**PATIENT)
        asked = sum(count for (name, _), count in world.vendor.asked.items() if name.startswith("n"))
    assert "dns.dangling-delegation" in errors(result)
    assert asked <= 26 * 4
    assert result.timing["dns_queries"] <= MOST_QUESTIONS + 26 * 4


def test_a_server_with_a_thousand_addresses_is_asked_at_a_few(tmp_path):
    with World(tmp_path) as world:
        addresses = [f"127.61.{200 + number // 250}.{number % 250 + 1}" for number in range(1000)]
        world.tld.set("example.test.", "NS", ["ns1.example.test.", "many.vendor.test."])
        world.vendor.set("many.vendor.test.", "A", addresses)
        result = world.verify(**SHORT)
    reached = {cell.vantage.address for cell in result.cells} & set(addresses)
    assert 0 < len(reached) <= 26
    assert "dns.timeout" in errors(result)
    assert result.timing["dns_queries"] <= MOST_QUESTIONS + 26 * 16


def test_then_hold_is_for_servers_that_stop(tmp_path):
    """A server that takes the connection and never says a word."""
    result, stream = over_tcp(
        tmp_path, lambda server, request, send, reader: then_hold()(request, send, reader), **SHORT
    )
    assert errors(result) == {"dns.tcp-unreachable"}
    assert stream.sent == 0
