"""What the engine's state says of SendGrid's objects."""

from __future__ import annotations

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.rdata import presented
from linkproof.senders.sendgrid.domains import role_of, value_of
from linkproof.senders.sendgrid.items import (
    API_KEY,
    ASSIGNMENT,
    BRANDING,
    CLICK_TRACKING,
    DOMAIN,
    DOMAIN_ASSIGNMENT,
    DOMAIN_VALIDATION,
    EXISTING_SUBUSER,
    SUBUSER,
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
        SUBUSER,
        EXISTING_SUBUSER,
    }
)
_OUTPUTS = {"owner_host": "ownerHost", "owner_target": "ownerTarget"}


def late(late: Late, state: State) -> str | None:
    """The owner host and where it leads, as the brand's create has answered; a brand's or a domain's record, likewise."""
    if late.output in _OUTPUTS:
        found = state.find(BRANDING, late.item)
        value = found.outputs.get(_OUTPUTS[late.output]) if found is not None else None
        return presented("", value) if isinstance(value, str) and value else None
    role, is_name = role_of(late.output)
    found = state.find(BRANDING, late.item) or state.find(DOMAIN, late.item)
    records = found.outputs.get("records") if found is not None else None
    record = (records.get(role) or {}) if isinstance(records, dict) else {}
    said = record.get("name" if is_name else "value")
    if not isinstance(said, str) or not said:
        return None
    return presented("", said) if is_name else value_of(str(record.get("type")), said)
