"""Identifiers and times in the forms that the vendors use."""

from __future__ import annotations

import secrets
import string
from datetime import UTC, datetime

_UPPER = string.ascii_uppercase + string.digits
_LOWER = string.ascii_lowercase + string.digits


def hex_id() -> str:
    """32 hex digits, as Cloudflare's identifiers."""
    return secrets.token_hex(16)


def upper_id(prefix: str, length: int) -> str:
    """A prefix and capital letters and digits, as the ids of CloudFront and Route 53."""
    return prefix + "".join(secrets.choice(_UPPER) for _ in range(length))


def lower_id(prefix: str, length: int) -> str:
    return prefix + "".join(secrets.choice(_LOWER) for _ in range(length))


def iso_micro(at: float) -> str:
    """`2026-11-22T10:00:00.123456Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def iso_milli(at: float) -> str:
    """`2026-11-22T10:00:00.123Z`."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
