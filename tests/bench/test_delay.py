"""The forwarder behind the distant network: it carries all, in order, not early, and counts only what opens something."""

from __future__ import annotations

import socket

import pytest

from bench.internet.delay import Direction

UDP, TCP = 17, 6
SYN, SYN_ACK, ACK = 0x02, 0x12, 0x10


def packet(protocol: int, port: int, *, flags: int = 0, version: int = 4, to: str = "10.53.3.1") -> bytes:
    """An IPv4 header, and as much of UDP or TCP as counting reads (RFC 791, RFC 9293)."""
    header = bytes([version << 4 | 5, 0, 0, 40, 0, 0, 0, 0, 64, protocol, 0, 0]) + socket.inet_aton("10.54.0.1")
    ports = (40_000).to_bytes(2, "big") + port.to_bytes(2, "big")
    return header + socket.inet_aton(to) + ports + bytes(9) + bytes([flags]) + bytes(6)


@pytest.fixture
def ends():
    """A source to write into, a sink to read from, and the direction between them."""
    into, source = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    sink, out = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    source.setblocking(False)
    out.setblocking(False)
    with into, source, sink, out:
        yield into, out, Direction(source.fileno(), sink.fileno(), 0.025)


def test_packets_come_out_in_order_once_they_are_due(ends):
    into, out, direction = ends
    sent = [packet(UDP, 53), packet(UDP, 54), packet(TCP, 443, flags=SYN)]
    for one in sent:
        into.send(one)
    direction.take()
    direction.deliver(direction.due() - 0.001)
    with pytest.raises(BlockingIOError):
        out.recv(100)
    direction.deliver(direction.due() + 60)
    assert [out.recv(100) for _ in sent] == sent
    assert direction.due() is None
    assert (direction.carried, direction.dropped) == (3, 0)


def test_questions_are_counted_by_address(ends):
    into, _, direction = ends
    for one in (packet(UDP, 53), packet(UDP, 53), packet(UDP, 53, to="10.53.3.2"), packet(UDP, 5353)):
        into.send(one)
    direction.take()
    assert direction.questions == {"10.53.3.1": 2, "10.53.3.2": 1}


@pytest.mark.parametrize(
    ("one", "counted"),
    [
        (packet(TCP, 443, flags=SYN), {"443": 1}),
        (packet(TCP, 443, flags=SYN_ACK), {}),
        (packet(TCP, 443, flags=ACK), {}),
        (packet(UDP, 443, flags=SYN), {}),
        (packet(TCP, 443, flags=SYN, version=6), {}),
    ],
)
def test_a_connection_is_counted_by_its_opening_packet_alone(ends, one, counted):
    into, _, direction = ends
    into.send(one)
    direction.take()
    assert direction.connections == counted


def test_what_cannot_be_delivered_is_counted_as_dropped(ends):
    into, out, direction = ends
    into.send(packet(UDP, 53))
    direction.take()
    out.close()
    direction.deliver(direction.due())
    assert (direction.carried, direction.dropped) == (0, 1)
