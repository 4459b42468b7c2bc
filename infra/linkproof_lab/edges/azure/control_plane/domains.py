"""Custom domains: the token that proves one, and how long it is good."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime, timedelta

_ALPHABET = string.ascii_lowercase + string.digits
TOKEN_CHARACTERS = 32
TOKEN_DAYS = 7


def fresh_token() -> dict[str, str]:
    """`validationProperties`."""
    token = "".join(secrets.choice(_ALPHABET) for _ in range(TOKEN_CHARACTERS))
    return {"validationToken": token, "expirationDate": (datetime.now(UTC) + timedelta(days=TOKEN_DAYS)).isoformat()}


def is_over(properties: dict[str, dict[str, str]]) -> bool:
    """Whether the token's time is over."""
    return datetime.fromisoformat(properties["validationProperties"]["expirationDate"]) <= datetime.now(UTC)
