"""What the resource types of this provider have in common: the session, and whose object is meant."""

from __future__ import annotations

from typing import ClassVar

from linkproof.providers.protocol import kind
from linkproof.providers.protocol.values import Properties
from linkproof.providers.sparkpost.session import Session
from linkproof.senders.sparkpost.api import joined_id

_WHY = "SparkPost takes it at creation alone"


class Kind(kind.Kind):
    """Of one account."""

    fixed: ClassVar[dict[str, str]] = {"domain": _WHY, "subaccount": _WHY}

    def __init__(self, session: Session) -> None:
        self.session = session
        self.api = session.api


def id_of(inputs: Properties) -> str:
    return joined_id(str(inputs.get("subaccount") or ""), str(inputs["domain"]).lower().rstrip("."))
