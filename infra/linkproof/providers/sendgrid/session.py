"""What every resource type of one provider instance shares."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from linkproof.providers.protocol.base import Patience
from linkproof.providers.sendgrid.served import Authorities
from linkproof.senders.sendgrid.api import SendGridApi

# A read has no time-out of the engine's.
READ_SECONDS = 120.0
# After a call that may have worked there is one more look, even once the engine has called the operation off.
LAST_LOOK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Session:
    """One account's API, the DNS, and whether the engine has asked to stop."""

    api: SendGridApi
    authorities: Authorities
    cancelled: threading.Event

    def reading(self) -> Patience:
        return Patience(READ_SECONDS, self.cancelled)

    def last_look(self) -> Patience:
        return Patience(LAST_LOOK_SECONDS)
