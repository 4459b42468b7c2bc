"""Accounts and their access keys."""

from __future__ import annotations

import hashlib

_ASSUMED = "ASIALAB0"


def account_number(access_key: str) -> str:
    """The twelve digits of the account that an access key belongs to; in the lab, one account per key.

    A key of an assumed role says its account.
    """
    assumed = access_key.removeprefix(_ASSUMED)
    if assumed != access_key and len(assumed) == 12 and assumed.isdigit():
        return assumed
    return str(int(hashlib.sha256(access_key.encode()).hexdigest(), 16) % 10**12).zfill(12)


def key_of_account(account: str) -> str:
    """The access key of a role of an account."""
    return f"{_ASSUMED}{account}"
