"""The invariants themselves: each notices the fault that it is there for."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import dns.flags
import dns.message
import dns.rrset
import pytest
from linkproof.verify.observations.vantage import Vantage
from linkproof.verify.observe.dns.message import NotOurAnswerError, decode
from linkproof.verify.observe.dns.query import make_query
from linkproof.verify.observe.dns.question import DnsQuestion
from linkproof.verify.observe.port import ask

from tests.fuzz import http, invariants, packet, walk
from tests.fuzz.differential import assert_agrees
from tests.verify.report.harmless import assert_harmless
from tests.verify.report.nasty import result

VANTAGE = Vantage("authoritative", "ns.", "192.0.2.1", "udp")
QUERY = make_query("url.example.test.", "CNAME")


def response(*values, flags=dns.flags.AA):
    message = dns.message.make_response(dns.message.from_wire(QUERY.wire))
    message.flags |= flags
    message.answer += [dns.rrset.from_text("url.example.test.", 60, "IN", "CNAME", value) for value in values]
    return message.to_wire()


RIGHT = response("a.test.")


def careful(wire, query, vantage):
    """A fast reader that is right: it knows one packet octet for octet, and gives up on every other."""
    return decode(RIGHT, query, vantage) if wire == RIGHT else None


def changed(**changes):
    def reader(wire, query, vantage):
        full = decode(wire, query, vantage)
        return replace(full, **changes)

    return reader


def takes_anything(wire, query, vantage):
    return decode(RIGHT, query, vantage)


def without_truncation(wire, query, vantage):
    return replace(decode(wire, query, vantage), truncated=False)


def test_a_fast_reader_that_gives_up_or_agrees_passes():
    assert assert_agrees(careful, RIGHT, QUERY, VANTAGE)
    assert not assert_agrees(careful, response("b.test."), QUERY, VANTAGE)
    assert not assert_agrees(careful, b"\xff" * 40, QUERY, VANTAGE)


@pytest.mark.parametrize(
    ("reader", "wire"),
    [
        (takes_anything, b"\xff" * 40),
        (takes_anything, response("b.test.")),
        (takes_anything, response("a.test.", "b.test.")),
        (takes_anything, RIGHT + b"\0"),
        (changed(authoritative=True), response("a.test.", flags=0)),
        (changed(case_kept=False), RIGHT),
        (changed(wire=b""), RIGHT),
        (changed(seconds=1.0), RIGHT),
        (without_truncation, response(flags=dns.flags.TC)),
    ],
    ids=range(9),
)
def test_a_fast_reader_that_disagrees_in_anything_is_caught(reader, wire):
    with pytest.raises(AssertionError):
        assert_agrees(reader, wire, QUERY, VANTAGE)


def test_a_report_that_lets_an_escape_through_is_caught(monkeypatch):
    report, expectations = result("\x1b[2J")
    assert_harmless("text", report, expectations)
    monkeypatch.setattr("linkproof.verify.report.text.printable", lambda text, limit=0: text)
    with pytest.raises(AssertionError):
        assert_harmless("text", report, expectations)


def test_a_number_that_json_does_not_have_is_caught():
    report, expectations = result("a")
    with pytest.raises(AssertionError, match="is no JSON"):
        assert_harmless("json", replace(report, timing={"total_seconds": float("nan")}), expectations)


def test_a_result_that_does_not_add_up_is_caught():
    report, expectations = result("a")
    with pytest.raises(AssertionError):
        invariants.assert_sound(replace(report, verdict="proven"), expectations)


def test_a_client_that_never_stops_reading_is_caught(monkeypatch):
    endless = http.seeds()["endless-chunks"]
    http.run(endless)
    monkeypatch.setattr("linkproof.verify.observe.http1.MAX_FRAMING_OCTETS", 10**9)
    with pytest.raises(AssertionError, match="takes more than"):
        http.run(endless)


def test_the_packet_of_an_input_answers_the_question_that_it_chooses():
    for name, data in packet.seeds().items():
        query = packet.query_of(data[0] & 0x7F)
        wire = packet.packet_of(data, query)
        if name.startswith("honest"):
            assert decode(wire, query, VANTAGE).answer
        elif not name.startswith(("code", "usual")):
            with pytest.raises(NotOurAnswerError, match="not a DNS message"):
                decode(wire, query, VANTAGE)


def test_a_hostile_port_gives_its_answers_in_turn_with_new_names_and_falls_silent():
    port = walk.HostilePort([walk.answer(sections=(("answer @", "NS", "@@@@."),))], patience=3)
    server = Vantage("authoritative", "ns.", "203.0.113.1", "udp")
    answers = [asyncio.run(ask(port, DnsQuestion(server, 53, "a.test.", "NS"))) for _ in range(4)]
    values = [answer.values("NS") for answer in answers[:3]]
    assert len(set(values)) == 3
    assert answers[3].kind == "timeout"
    assert not [value for value in values if "@" in value[0]]


def test_the_projects_fast_reader_is_held_to_the_full_one(monkeypatch):
    seed = packet.seeds()["usual-cname"]
    assert packet.FAST(packet.packet_of(seed, query := packet.query_of(seed[0] & 0x7F)), query, VANTAGE) is not None
    monkeypatch.setattr(packet, "FAST", lambda *_: None)
    packet.run(seed)
    monkeypatch.setattr(packet, "FAST", changed(authoritative=False))
    with pytest.raises(AssertionError):
        packet.run(seed)
