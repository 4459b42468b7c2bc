"""Why a connection failed, in the system's own words: each event loop has others."""

from __future__ import annotations

import os
import ssl


def error_text(error: Exception) -> str:
    """`Connection refused` and the like; what the error says itself where the system has no number for it."""
    if isinstance(error, ssl.SSLError):
        return error.reason or str(error)  # its number is OpenSSL's, not the system's
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and isinstance(number, int) and number > 0:
        return os.strerror(number)
    return str(error) or type(error).__name__
