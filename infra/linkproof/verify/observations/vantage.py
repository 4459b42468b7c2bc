"""Who was asked and how, and which addresses answered at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Transport = Literal["udp", "tcp", "tls", "https", "http"]


@dataclass(frozen=True, slots=True)
class Vantage:
    """Who was asked and how.

    Args:
        kind: an authoritative server, a resolver or an edge.
        server: its name, or what the user wrote for a resolver.
        address: the address that was asked; empty when there was none to ask.
        transport: of the exchange.
    """

    kind: Literal["authoritative", "resolver", "edge"]
    server: str
    address: str
    transport: Transport

    @property
    def family(self) -> int:
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True, order=True)
class ServerAddress:
    """One address of one authoritative server."""

    server: str
    address: str

    @property
    def family(self) -> int:
        return 6 if ":" in self.address else 4


@dataclass(frozen=True, slots=True)
class Reachability:
    """Which addresses answered in this run, by transport: the control that makes a time-out a finding."""

    answered: frozenset[tuple[Transport, str]] = frozenset()

    def works_elsewhere(self, transport: Transport, family: int, besides: frozenset[str]) -> bool:
        """Whether the same family and transport reached any address outside `besides`."""
        return any(
            _way(how) == _way(transport) and (6 if ":" in address else 4) == family and address not in besides
            for how, address in self.answered
        )


def _way(transport: Transport) -> str:
    """What a firewall tells apart: DNS over UDP, DNS over TCP, and the web."""
    return transport if transport in {"udp", "tcp"} else "web"
