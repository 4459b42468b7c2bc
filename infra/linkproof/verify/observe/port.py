"""The only way from a survey to the outside: live it asks and records, offline it plays back."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Protocol

from linkproof.verify.observe.dns.question import DnsQuestion, Manner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from linkproof.verify.marks import Probe
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import HttpObservation, TlsObservation
    from linkproof.verify.observations.vantage import Reachability

# A label that nobody has is another one in each run; played back, any of the same kind is meant: the first letters tell what it looks for.
_RANDOM_LABEL = re.compile(r"^(lpw?)-[0-9a-f]{12}\.")


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

    @property
    def strays(self) -> int:
        """Packets that came so far and answered nothing that was asked."""

    async def ask_many(self, questions: Sequence[DnsQuestion]) -> list[Answer]:
        """Ask servers and resolvers; the answers come in the order of the questions.

        The same question, put again in a round, gets the same answer, unless it is one of those that are sent to see what becomes of
        exactly that packet, or it is forgotten.
        """

    def forget(self, questions: Iterable[DnsQuestion]) -> None:
        """What these were answered is judged, and nobody asks them again in this round: no answer to them need be kept."""

    async def tls(self, host: str, address: str, probe: Probe | None) -> tuple[TlsObservation, HttpObservation | None]:
        """Shake hands, and send the probe where there is one."""

    async def http(self, host: str, address: str, probe: Probe) -> HttpObservation:
        """Send the probe in the clear."""

    async def pause(self, seconds: float) -> None:
        """Let that much time pass before something is asked again."""

    async def close(self) -> None:
        """End what is still open; nothing is asked after that."""

    def moment(self, stage: str) -> Moment:
        """The moment of judging a stage."""


async def ask(port: Port, question: DnsQuestion) -> Answer:
    """Ask one question."""
    return (await port.ask_many((question,)))[0]


def question_key(question: DnsQuestion) -> str:
    """What was asked, in one line that is the same in every run."""
    vantage, plain = question.vantage, Manner()
    where = vantage.server if vantage.kind == "resolver" else f"{vantage.server} {vantage.address}"
    flags = [item.name for item in fields(plain) if getattr(question.manner, item.name) != getattr(plain, item.name)]
    how = [name for name, is_so in (("tcp", question.over_tcp), ("once", question.once)) if is_so]
    how += [f"again{question.turn}"] if question.turn else []
    return " ".join([where, _RANDOM_LABEL.sub(r"\1-*.", question.name), question.type, *flags, *how])


def edge_key(scheme: str, host: str, address: str, probe: Probe | None) -> str:
    if probe is None:
        return f"{scheme} {host} {address} -"
    whose = f" for {probe.asked_for}" if probe.asked_for else ""
    return f"{scheme} {host} {address} {probe.method} {probe.public_path}{whose}"
