"""Whether two stacks mean one account at a vendor: by what their configs say of it, and else by its name alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ValidationError

from linkproof import registry


@dataclass(frozen=True, slots=True)
class AccountIdentity:
    """One account at one vendor.

    Args:
        vendor: the registry's name of it.
        key: equal for the same account.
        is_certain: the options say which it is; otherwise stacks that give it the same name may still mean two.
    """

    vendor: str
    key: str
    is_certain: bool


def account_identity(vendor: str, account: str, accounts: object) -> AccountIdentity:
    """What tells this account from others.

    Args:
        account: its name in the declaration.
        accounts: `linkproof:accounts` of the stack's config, as written; None where it is not known.
    """
    form = registry.vendor(vendor).account.Options
    given = accounts.get(account) if isinstance(accounts, Mapping) else None
    written = given.get(vendor) if isinstance(given, Mapping) else None
    try:
        options: BaseModel = form.model_validate(written or {})
    except ValidationError:  # its own problem, told where the config is read
        options = form()
    said = {name: value for name in form.identifying if (value := options.model_dump(mode="json").get(name))}
    if not said:
        return AccountIdentity(vendor, account, is_certain=False)
    return AccountIdentity(vendor, json.dumps(said, sort_keys=True), is_certain=True)
