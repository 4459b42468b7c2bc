"""What the engine's state says of SendGrid's objects."""

from __future__ import annotations

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.senders.sendgrid.items import API_KEY, ASSIGNMENT, BRANDING, CLICK_TRACKING, VALIDATION, WEBHOOK

TYPES = frozenset({BRANDING, VALIDATION, ASSIGNMENT, API_KEY, WEBHOOK, CLICK_TRACKING})
_OUTPUTS = {"owner_host": "ownerHost", "owner_target": "ownerTarget"}


def late(late: Late, state: State) -> str | None:
    """The owner host and where it leads, as the brand's create has answered."""
    if late.output not in _OUTPUTS:
        return None
    found = state.find(BRANDING, late.item)
    value = found.outputs.get(_OUTPUTS[late.output]) if found is not None else None
    return f"{value.removesuffix('.')}." if isinstance(value, str) and value else None
