"""What every resource type of one provider instance shares."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Generic, TypeVar

from linkproof.json_api import JsonApi
from linkproof.providers.protocol.base import Patience

# A read has no time-out of the engine's.
READ_SECONDS = 120.0
# After a call that may have worked there is one more look, even once the engine has called the operation off.
LAST_LOOK_SECONDS = 30.0

Api = TypeVar("Api", bound=JsonApi)


@dataclass(frozen=True)
class ApiSession(Generic[Api]):
    """One account's API, and whether the engine has asked to stop."""

    api: Api
    cancelled: threading.Event

    def reading(self) -> Patience:
        return Patience(READ_SECONDS, self.cancelled)

    def last_look(self) -> Patience:
        return Patience(LAST_LOOK_SECONDS)
