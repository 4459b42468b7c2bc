"""What the engine's state says of Amazon SES's objects."""

from __future__ import annotations

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.senders.ses.items import CONFIGURATION_SET, DESTINATION

TYPES = frozenset({CONFIGURATION_SET, DESTINATION})


def late(late: Late, state: State) -> str | None:
    """Nothing of SES's is known only after deployment."""
    del late, state
    return None
