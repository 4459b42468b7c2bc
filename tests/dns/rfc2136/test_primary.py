"""Record sets at primary servers: knot, BIND, PowerDNS and the lab's take the same updates, and refuse the same way."""

from __future__ import annotations

from pathlib import Path

import pytest
from linkproof.dns.rfc2136 import challenge, discover
from linkproof.dns.rfc2136.exchange import Exchange, PrimaryError
from linkproof.dns.rfc2136.primary import ChangedError, Primary
from linkproof.dns.rfc2136.record_set import RecordSet
from linkproof.dns.rfc2136.secret import secret_octets
from linkproof.errors import LinkproofError
from linkproof.json_api import WaitingHere

from tests.dns.rfc2136.servers import KEY_NAME, OTHER_SECRET, SECRET, ZONE, Running, odd
from tests.ports import free_port

HOST = f"url1.{ZONE}"
FIRST = RecordSet("CNAME", 300, ("first.edge.example.",))
SECOND = RecordSet("CNAME", 60, ("second.edge.example.",))


def waiting() -> WaitingHere:
    return WaitingHere(20)


def test_a_record_is_made_changed_in_one_update_and_taken_away(server: Running) -> None:
    client = server.client()
    assert client.held(ZONE, HOST, "CNAME", waiting()) is None
    client.create(ZONE, HOST, FIRST, waiting())
    assert client.held(ZONE, HOST, "CNAME", waiting()) == FIRST
    client.replace(ZONE, HOST, FIRST, SECOND, waiting())
    assert client.held(ZONE, HOST, "CNAME", waiting()) == SECOND
    client.delete(ZONE, HOST, SECOND, waiting())
    assert client.held(ZONE, HOST, "CNAME", waiting()) is None


def test_a_ttl_alone_is_changed(server: Running) -> None:
    client, host = server.client(), f"ttl.{ZONE}"
    client.create(ZONE, host, FIRST, waiting())
    slower = RecordSet("CNAME", 900, FIRST.values)
    client.replace(ZONE, host, FIRST, slower, waiting())
    assert client.held(ZONE, host, "CNAME", waiting()) == slower


@pytest.mark.parametrize(
    ("name", "wanted", "shown"),
    [
        (f"kept.{ZONE}", FIRST, "CNAME old.edge.example"),
        (f"www.{ZONE}", FIRST, "A 192.0.2.7"),
        (f"kept.{ZONE}", RecordSet("TXT", 300, ('"text"',)), "CNAME old.edge.example"),
        (f"www.{ZONE}", RecordSet("A", 300, ("192.0.2.8",)), "A 192.0.2.7"),
    ],
)
def test_what_stands_in_the_way_is_named_and_left(server: Running, name: str, wanted: RecordSet, shown: str) -> None:
    client = server.client()
    before = {kind: client.held(ZONE, name, kind, waiting()) for kind in ("CNAME", "A", "TXT")}
    with pytest.raises(ChangedError, match=f"has {shown} at .* already"):
        client.create(ZONE, name, wanted, waiting())
    assert {kind: client.held(ZONE, name, kind, waiting()) for kind in before} == before


def test_what_somebody_else_changed_is_neither_changed_nor_taken_away(server: Running) -> None:
    client, host = server.client(), f"others.{ZONE}"
    client.create(ZONE, host, SECOND, waiting())
    with pytest.raises(ChangedError, match=r"CNAME second.edge.example at .*, and not CNAME first.edge.example"):
        client.replace(ZONE, host, FIRST, RecordSet("CNAME", 60, ("third.example.",)), waiting())
    with pytest.raises(ChangedError):
        client.delete(ZONE, host, FIRST, waiting())
    assert client.held(ZONE, host, "CNAME", waiting()) == SECOND


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"secret": OTHER_SECRET}, "the signature of key|without a signature"),
        ({"key_name": "nobody."}, "does not know key nobody|without a signature"),
        ({"algorithm": "hmac-sha512"}, "does not know key|the signature of key|without a signature"),
    ],
)
def test_a_wrong_key_changes_nothing_and_says_what_to_look_at(
    server: Running, other: dict[str, str], said: str
) -> None:
    host = f"unsigned.{ZONE}"
    with pytest.raises(PrimaryError, match=said) as refused:
        server.client(**other).create(ZONE, host, FIRST, waiting())
    assert "server" in refused.value.fix
    assert server.client().held(ZONE, host, "CNAME", waiting()) is None


def test_a_zone_that_it_does_not_have_is_refused(server: Running) -> None:
    with pytest.raises(PrimaryError, match=r"REFUSED|NOTAUTH|does not answer|without a signature"):
        server.client().create("elsewhere.test", "url1.elsewhere.test", FIRST, waiting())


def test_a_ca_s_text_comes_beside_others_and_goes_alone(server: Running) -> None:
    client, name = server.client(), f"_acme-challenge.url1.{ZONE}"
    challenge.add(client, ZONE, name, "first")
    challenge.add(client, ZONE, name, "first")
    challenge.add(client, ZONE, name, "second")
    assert client.held(ZONE, name, "TXT", waiting()) == RecordSet("TXT", 10, ('"first"', '"second"'))
    challenge.remove(client, ZONE, name, "first")
    assert client.held(ZONE, name, "TXT", waiting()) == RecordSet("TXT", 10, ('"second"',))
    challenge.remove(client, ZONE, name, "second")
    challenge.remove(client, ZONE, name, "second")
    assert client.held(ZONE, name, "TXT", waiting()) is None


def test_a_zone_is_read_by_transfer(server: Running) -> None:
    (zone,) = discover.zones(server.client(), "ns1", frozenset({ZONE}))
    assert (f"kept.{ZONE}", "old.edge.example") in {(one.name, one.target) for one in zone.records}
    assert (zone.name, zone.dns, zone.account) == (ZONE, "rfc2136", "ns1")
    with pytest.raises(LinkproofError, match="name each"):
        list(discover.zones(server.client(), "ns1", frozenset()))
    with pytest.raises(PrimaryError):
        list(discover.zones(server.client(secret=OTHER_SECRET), "ns1", frozenset({ZONE})))


def test_a_closed_port_says_so() -> None:
    client = Primary(Exchange("127.0.0.1", free_port(), KEY_NAME, "hmac-sha256", secret_octets(SECRET)))
    with pytest.raises(PrimaryError, match="gave no answer to the update"):
        client.create(ZONE, HOST, FIRST, WaitingHere(0))


@pytest.mark.parametrize("text", ["", "not base64!", "===="])
def test_a_secret_that_is_none_is_not_shown(text: str) -> None:
    with pytest.raises(LinkproofError, match="no base64") as refused:
        secret_octets(text)
    assert not text or text not in str(refused.value)


def test_a_yes_to_what_was_left_out_is_not_believed(tmp_path: Path) -> None:
    with odd(tmp_path, free_port("127.61.100.7"), "says-done") as server, pytest.raises(PrimaryError) as lied:
        server.client().create(ZONE, HOST, FIRST, waiting())
    assert "answered NOERROR" in lied.value.problem
    assert "did not do it" in lied.value.problem


def test_an_update_whose_answer_was_lost_is_looked_after_and_not_made_twice(tmp_path: Path) -> None:
    with odd(tmp_path, free_port("127.61.100.7"), "loses-the-first-answer") as server:
        server.client().create(ZONE, HOST, FIRST, WaitingHere(0))
        assert server.client().held(ZONE, HOST, "CNAME", waiting()) == FIRST


def test_a_server_that_does_not_answer_for_the_name_itself_is_refused(tmp_path: Path) -> None:
    with (
        odd(tmp_path, free_port("127.61.100.7"), "not-its-own") as server,
        pytest.raises(PrimaryError, match=r"does not answer for url1\.links\.test itself"),
    ):
        server.client().held(ZONE, HOST, "CNAME", waiting())
