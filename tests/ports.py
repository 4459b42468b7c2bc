"""Ports for the servers that tests start."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
# Browsers refuse some below it.
_LOWEST = 11_000


def free_port(address: str = "127.0.0.1", *more: str) -> int:
    """A port that is free for UDP and TCP at these addresses just now.

    It is none of those from which the system takes a client's: between this and the server's start one of them may be taken.

    Raises:
        AssertionError: none was found.
    """
    end = int(_RANGE.read_text().split()[0])
    for _ in range(200):
        port = _LOWEST + secrets.randbelow(end - _LOWEST)
        if all(_is_free(one, port) for one in (address, *more)):
            return port
    raise AssertionError(f"no free port at {address}")


def free_ports(count: int, address: str = "127.0.0.1", *more: str) -> list[int]:
    """As many different ones, each as `free_port` gives it."""
    found: set[int] = set()
    while len(found) < count:
        found.add(free_port(address, *more))
    return list(found)


def _is_free(address: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
            with socket.socket(family, kind) as probe:
                probe.bind((address, port))
    except OSError:
        return False
    return True
