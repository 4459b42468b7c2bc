"""What servers and resolvers said about one record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.answer import Answer
    from linkproof.verify.observations.resolved import Resolved
    from linkproof.verify.observations.vantage import ServerAddress
    from linkproof.verify.observations.zone import ZoneObservation


@dataclass(frozen=True, slots=True)
class RecordAnswers:
    """What one server said about one record.

    Args:
        own: the record's type itself.
        address: the addresses beside it, where asked.
        denial: of an authoritative server that has no such record: the same again with DO, for the proof tells a missing name from a
            missing type (RFC 9824).
        unchecked: of a resolver that fails: the same again with CD.
        control: of a resolver whose answer is not authentic, or that refuses: the root, to see whether it validates or serves us at all.
        users: of a resolver: A, AAAA and HTTPS in the form in which programs ask, for it may keep a copy for each type and each form.
        repeats: of an authoritative server: further answers about the same record, which should all say the same.
        again: an answer and what came later to the same question, where the first one left a doubt.
    """

    own: Answer
    address: Answer | None = None
    denial: Answer | None = None
    unchecked: Answer | None = None
    control: Answer | None = None
    users: tuple[Answer, ...] = ()
    again: tuple[tuple[Answer, Answer], ...] = ()
    repeats: tuple[Answer, ...] = ()

    def last(self, first: Answer) -> Answer:
        """The latest answer to the question that got this one."""
        return next((later for earlier, later in self.again if earlier is first), first)


@dataclass(frozen=True, slots=True)
class RecordObservation:
    """Everything the authorities said about one record.

    Args:
        wildcard: the answer for a random name below it.
        target: where its CNAME leads.
        doubled: where the name is missing, the answer for the name with the zone appended once more.
    """

    zone: ZoneObservation
    answers: dict[ServerAddress, RecordAnswers]
    optional_servers: tuple[ServerAddress, ...] = ()
    wildcard: Answer | None = None
    target: Resolved | None = None
    doubled: Answer | None = None
