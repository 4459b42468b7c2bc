"""What is known of one address that is asked."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from linkproof.verify.observe.dns.congestion_window import CongestionWindow

if TYPE_CHECKING:
    import asyncio

    from linkproof.verify.observe.dns.question import DnsQuestion


@dataclass(slots=True)
class AddressState:
    """What is known of one address.

    Args:
        answers: it has answered a question over UDP.
        answers_edns: it has answered one with EDNS, so what is lost later is not lost for that.
        drops_edns: it answered without EDNS what it left unanswered with it, and nothing with it so far.
        is_silent: it left one unanswered through all attempts before it ever answered; it is asked once from then on.
        is_limited: it lets TCP through where it drops UDP: a rate limit.
        answered_at: when the last answer came.
        answered: a question that it answered.
        trial: whether it still answers that; kept where it does not.
        unanswered: questions during which no answer came.
    """

    window: CongestionWindow = field(default_factory=CongestionWindow)
    answers: bool = False
    answers_edns: bool = False
    drops_edns: bool = False
    is_silent: bool = False
    is_limited: bool = False
    answered_at: float = -math.inf
    answered: DnsQuestion | None = None
    trial: asyncio.Task[bool] | None = None
    unanswered: int = 0
