"""Who calls. Tokens are documents by the digest of their text: no file of the lab holds one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from linkproof_lab.edges.fastly.control_plane.contract import FastlyError
from linkproof_lab.edges.fastly.facts import FASTLY_KEY
from linkproof_lab.store import Store

KIND = "fastly-token"
_FIRST_CUSTOMER = "LabCustomer00000000001"


def key_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def customer_of(store: Store, headers: Mapping[str, str]) -> str:
    """The account whose token `Fastly-Key` is.

    Raises:
        FastlyError: there is no such token.
    """
    token = headers.get("fastly-key", "")
    if token == FASTLY_KEY:
        return _FIRST_CUSTOMER
    found = store.get(KIND, key_of(token)) if token else None
    if found is None:
        raise FastlyError(401, "Provided credentials are missing or invalid")
    return str(found["customer"])
