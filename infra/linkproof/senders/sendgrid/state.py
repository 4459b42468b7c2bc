"""What the engine's state says of SendGrid's objects."""

from __future__ import annotations

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.senders.sendgrid.items import (
    API_KEY,
    ASSIGNMENT,
    BRANDING,
    CLICK_TRACKING,
    DOMAIN,
    DOMAIN_ASSIGNMENT,
    DOMAIN_VALIDATION,
    VALIDATION,
    WEBHOOK,
)

TYPES = frozenset(
    {
        BRANDING,
        VALIDATION,
        ASSIGNMENT,
        API_KEY,
        WEBHOOK,
        CLICK_TRACKING,
        DOMAIN,
        DOMAIN_VALIDATION,
        DOMAIN_ASSIGNMENT,
    }
)
_OUTPUTS = {"owner_host": "ownerHost", "owner_target": "ownerTarget"}


def late(late: Late, state: State) -> str | None:
    """The owner host and where it leads, as the brand's create has answered; the target of a domain's record, likewise."""
    if late.output in _OUTPUTS:
        found = state.find(BRANDING, late.item)
        value = found.outputs.get(_OUTPUTS[late.output]) if found is not None else None
    else:
        found = state.find(DOMAIN, late.item)
        records = found.outputs.get("records") if found is not None else None
        value = (records.get(late.output) or {}).get("value") if isinstance(records, dict) else None
    return f"{value.removesuffix('.')}." if isinstance(value, str) and value else None
