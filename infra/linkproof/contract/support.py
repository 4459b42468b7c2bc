"""A request to a sender's support that only people can send: `support.py` of a sender."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from linkproof.contract.declared import Link, Sender
from linkproof.contract.state import State


@dataclass(frozen=True, slots=True)
class ProvedLink:
    """A link with everything proved that support asks for.

    Args:
        edge: who terminates HTTPS, as people call it.
        certificate_until: the day on which what it showed ends.
    """

    link: Link
    edge: str
    certificate_until: str


class SenderSupport(Protocol):
    """`support.py`: absent where https is a setting that a program may write."""

    def missing(self, link: Link, state: State) -> Iterator[str]:
        """What the sender's own objects do not prove, in words."""

    def to_check(self, sender: Sender) -> tuple[str, ...]:
        """What the message asks for and nothing here can prove, for whoever sends it."""

    def request(self, sender: Sender, links: Sequence[ProvedLink], verified_at: str) -> str:
        """The message, ready to be sent by whoever runs the account."""
