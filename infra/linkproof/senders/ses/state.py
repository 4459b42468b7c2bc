"""What the engine's state says of Amazon SES's objects."""

from __future__ import annotations

from collections.abc import Sequence

from linkproof.contract.state import State
from linkproof.contract.values import Late
from linkproof.senders.ses import event_items
from linkproof.senders.ses.facts import DKIM_RECORDS, dkim_zone
from linkproof.senders.ses.items import ALARM, CONFIGURATION_SET, DASHBOARD, DESTINATION, IDENTITY, MAIL_FROM

TYPES = event_items.TYPES | {CONFIGURATION_SET, DESTINATION, IDENTITY, MAIL_FROM, ALARM, DASHBOARD}


def dkim_record(tokens: Sequence[str], domain: str, region: str, output: str) -> str:
    """The name or the target of a DKIM record, with its trailing dot.

    Args:
        output: `dkim1_name` to `dkim3_target`.
    """
    role, _, part = output.partition("_")
    token = tokens[int(role.removeprefix("dkim")) - 1]
    return f"{token}._domainkey.{domain}." if part == "name" else f"{token}.{dkim_zone(region)}."


def late(late: Late, state: State) -> str | None:
    """A DKIM record of an identity, by the tokens that SES gave it."""
    found = state.find(IDENTITY, late.item)
    attributes = found.outputs.get("dkimSigningAttributes") if found is not None else None
    tokens = attributes.get("tokens") if isinstance(attributes, dict) else None
    if found is None or not isinstance(tokens, list) or len(tokens) != DKIM_RECORDS:
        return None
    _, region, domain = late.item.split("/")
    return dkim_record(tokens, domain, region, late.output)
