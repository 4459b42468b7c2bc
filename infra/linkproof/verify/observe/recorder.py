"""Who is told what was asked and answered, where it is to be kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.edge import HttpObservation, TlsObservation
    from linkproof.verify.observations.vantage import Vantage
    from linkproof.verify.observe.port import Moment


class Recorder(Protocol):
    """Takes down everything that happens outside, in the order in which it happens."""

    @property
    def is_kept(self) -> bool:
        """Whether anything is kept at all: where not, nobody need prepare it."""

    def packet(self, vantage: Vantage, name: str, record_type: str, query: bytes, answer: bytes) -> int:
        """One question and the packet that answers it; returns the packet's number."""

    def asked(self, key: str, number: int, answer: Answer) -> None:
        """How a question ended."""

    def shook_hands(self, key: str, number: int, seen: TlsObservation, answer: HttpObservation | None) -> None:
        """A handshake, and the answer to the request that followed it."""

    def requested(self, key: str, number: int, answer: HttpObservation) -> None:
        """The answer to a request over plain HTTP."""

    def judged(self, stage: str, moment: Moment) -> None:
        """The clock of a stage, and what had answered by then."""
