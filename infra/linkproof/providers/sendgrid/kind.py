"""What the resource types of this provider have in common: the session, and who the vendor is."""

from __future__ import annotations

from linkproof.providers.protocol import kind
from linkproof.providers.protocol.base import ProviderError
from linkproof.providers.protocol.kind import was_refused
from linkproof.providers.sendgrid.session import Session

__all__ = ["Kind", "exists", "was_refused"]


class Kind(kind.Kind):
    """Of one account."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.api = session.api


def exists(what: str, token: str, name: str, id_: str) -> ProviderError:
    """An object with the same natural key: never taken without a word."""
    return kind.exists(what, token, name, id_, "SendGrid")
