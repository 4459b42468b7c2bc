"""What the engine's state says of SparkPost's objects."""

from __future__ import annotations

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.senders.sparkpost.items import SENDING_DOMAIN, TRACKING_DOMAIN

TYPES = frozenset({TRACKING_DOMAIN, SENDING_DOMAIN})


def late(late: Late, state: State) -> str | None:
    """Nothing of SparkPost's is known only after deployment."""
    del late, state
    return None
