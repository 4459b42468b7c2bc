"""A request that somebody answered: what the counter of whoever answered has counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request.

    Args:
        host: that was asked for.
        address: that answered.
        at: when it was sent, aware.
    """

    host: str
    address: str
    at: datetime
