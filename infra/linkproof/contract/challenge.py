"""Writing a text that answers a CA's challenge, and taking it away again: `challenge.py` of a DNS host."""

from __future__ import annotations

from typing import Any, Protocol


class DnsChallenge(Protocol):
    """`challenge.py`. Absent where people write the records.

    The one thing that is written without the engine: it lives for minutes, and belongs to no state.
    """

    def add(self, client: Any, zone_id: str, name: str, text: str) -> None:
        """Let the name have this text beside whatever it has.

        Args:
            client: of the zone's account.
            name: without trailing dot.
            text: of at most 255 octets, without quotation marks.

        Raises:
            LinkproofError: something stands there that leaves no room for it, or the API refused.
        """

    def remove(self, client: Any, zone_id: str, name: str, text: str) -> None:
        """Take this text away and leave every other; nothing is done where it is not there.

        Raises:
            LinkproofError: the API refused.
        """
