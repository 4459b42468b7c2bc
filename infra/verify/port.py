"""The only way from a survey to the outside: live it asks and records, offline it plays back."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Protocol

from infra.verify.observe.dns_transport import PLAIN, Manner

if TYPE_CHECKING:
    from datetime import datetime

    from infra.verify.marks import Probe
    from infra.verify.observations import Answer, Reachability, Vantage
    from infra.verify.observations_edge import HttpObservation, TlsObservation
    from infra.verify.options import ResolverAddress

# The label that looks for a wildcard is another one in each run; played back, any of them is meant.
_RANDOM_LABEL = re.compile(r"^lp-[0-9a-f]{12}\.")


@dataclass(frozen=True, slots=True)
class Moment:
    """When a stage of a round is judged, and what had answered by then."""

    now: datetime
    reach: Reachability


class Port(Protocol):
    """Everything a survey may ask."""

    @property
    def queries(self) -> int:
        """DNS questions sent so far."""

    async def ask(
        self,
        vantage: Vantage,
        port: int,
        name: str,
        record_type: str,
        *,
        manner: Manner = PLAIN,
        over_tcp: bool = False,
        once: bool = False,
    ) -> Answer:
        """Ask an authoritative server."""

    async def ask_resolver(self, resolver: ResolverAddress, name: str, record_type: str, manner: Manner) -> Answer:
        """Ask a resolver."""

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        """Shake hands, and send the probe where there is one."""

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        """Send the probe in the clear."""

    def moment(self, stage: str) -> Moment:
        """The moment of judging a stage."""


def question_key(where: str, name: str, record_type: str, manner: Manner, *how: str) -> str:
    """What was asked, in one line that is the same in every run."""
    plain = Manner()
    flags = [item.name for item in fields(manner) if getattr(manner, item.name) != getattr(plain, item.name)]
    return " ".join([where, _RANDOM_LABEL.sub("lp-*.", name), record_type, *flags, *(flag for flag in how if flag)])


def edge_key(scheme: str, host: str, address: str, probe: Probe | None) -> str:
    return f"{scheme} {host} {address} {f'{probe.method} {probe.path}' if probe else '-'}"
