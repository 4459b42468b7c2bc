"""Ids as Fastly makes them: 22 letters and digits."""

from __future__ import annotations

import secrets
import string

_CHARACTERS = string.ascii_letters + string.digits


def new_id() -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(22))


def new_answer() -> str:
    """The first label of what answers a DNS challenge: 18 lower-case letters and digits."""
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(18))
