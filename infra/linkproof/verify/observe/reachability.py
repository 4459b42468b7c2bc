"""Which addresses answered so far in a round, shared by DNS, TLS and HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkproof.verify.observations.vantage import Reachability

if TYPE_CHECKING:
    from linkproof.verify.observations.vantage import Transport


@dataclass
class ReachabilityLog:
    """Addresses by the way that led to them."""

    answered: set[tuple[Transport, str]] = field(default_factory=set)

    def add(self, transport: Transport, address: str) -> None:
        self.answered.add((transport, address))

    def frozen(self) -> Reachability:
        return Reachability(frozenset(self.answered))
