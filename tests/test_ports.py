"""Ports that tests take for their servers."""

from __future__ import annotations

import socket

import pytest

from tests import ports


def test_the_ports_of_one_test_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([7, 7, 7, 9])
    monkeypatch.setattr(ports.secrets, "randbelow", lambda _: next(drawn))
    monkeypatch.setattr(ports, "_is_free", lambda *_: True)
    assert sorted(ports.free_ports(2)) == [ports._LOWEST + 7, ports._LOWEST + 9]


def test_a_port_that_is_taken_at_one_of_the_addresses_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.61.99.2", 0))
        number = taken.getsockname()[1]
        drawn = iter([number, 9])
        monkeypatch.setattr(ports.secrets, "randbelow", lambda _: next(drawn) - ports._LOWEST)
        monkeypatch.setattr(ports, "_is_free", lambda address, port: port == 9 or ports_free(address, port))
        assert ports.free_port("127.61.99.1", "127.61.99.2") == 9


ports_free = ports._is_free
