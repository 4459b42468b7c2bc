"""Who calls: an account's key, bare or as the user of Basic authentication, and the subaccount that it speaks for.

developers.sparkpost.com/api, "Authentication" and "Subaccounts". Keys are documents by the digest of their text.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from linkproof_lab.senders.sparkpost.control_plane.contract import SparkPostError
from linkproof_lab.senders.sparkpost.facts import SPARKPOST_KEY
from linkproof_lab.store import Store

KEY = "sparkpost-key"
TRACKING_READ, TRACKING_WRITE = "tracking_domains/view", "tracking_domains/manage"
SENDING_READ, SENDING_WRITE = "sending_domains/view", "sending_domains/manage"
LEAST_GRANTS = (TRACKING_READ, TRACKING_WRITE, SENDING_READ, SENDING_WRITE)


def key_of(token: str) -> str:
    """The key of a token's document: no file of the lab holds a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def caller(store: Store, headers: Mapping[str, str]) -> tuple[dict[str, Any], int | None]:
    """The key's document, and the subaccount.

    Raises:
        SparkPostError: there is no such key, or its own subaccount is another.
    """
    token = _token(headers.get("authorization", "").strip())
    found = store.get(KEY, key_of(token))
    if token == SPARKPOST_KEY:
        found = {"region": "us", "grants": list(LEAST_GRANTS)}
    if not token or found is None:
        raise SparkPostError(401, "Unauthorized.")
    said = headers.get("x-msys-subaccount", "").strip()
    if said and not said.isdecimal():
        raise SparkPostError(400, "invalid params", "X-MSYS-SUBACCOUNT must be a number", "1200")
    own: int | None = found.get("subaccount")
    named = int(said) if said else None
    if own is not None and named not in (None, own):
        raise SparkPostError(403, "Forbidden.")
    return found, named if own is None else own


def _token(said: str) -> str:
    scheme, _, rest = said.partition(" ")
    if scheme.lower() != "basic":
        return said
    try:
        return base64.b64decode(rest, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""
