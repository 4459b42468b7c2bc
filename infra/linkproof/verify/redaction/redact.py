"""One redaction: applied to what an edge sends before anything else sees it, so no report and no evidence can hold a secret."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.verify.observations.edge import HttpObservation

REDACTED = "<redacted>"
# Their whole value is a secret.
_SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "x-api-key", "x-amz-security-token", "x-auth-token", "cookie"}
)
_NAMES = r"(?:[\w.-]{0,40}(?:token|secret|passw|api[_-]?key|auth|session|credential|signature)[\w.-]{0,40}|sig|key|code|jwt|upn|qs)"
# Repetitions have a bound, for a hostile body must not make the search slow.
# A value under a secret's name, or one so long that it must be more than a word: 24 characters hold 140 bits in base64.
_QUERY = re.compile(
    rf"(?i)([?&;](?:amp;)?{_NAMES}=)[^&#;\s\"'<>]+|([?&;](?:amp;)?[\w.%-]{{1,80}}=)[A-Za-z0-9_\-+/=.%~]{{24,}}"
)
_BEARER = re.compile(r"(?i)\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}")
_COOKIE = re.compile(r"^([^=;]*=)[^;]*")


def redact(text: str) -> str:
    """Text without the query values and credentials that look like secrets."""
    if "=" not in text and len(text.split(None, 1)) < 2:
        return text  # one word and no assignment: nothing that could be found
    return _BEARER.sub(rf"\1 {REDACTED}", _QUERY.sub(lambda match: f"{match[1] or match[2]}{REDACTED}", text))


def redact_header(name: str, value: str) -> str:
    """A header's value; of a cookie, its name and attributes stay, for they identify who answered."""
    if name == "set-cookie":
        return _COOKIE.sub(rf"\1{REDACTED}", value) if "=" in value else REDACTED
    return REDACTED if name in _SECRET_HEADERS else redact(value)


def redact_answer(seen: HttpObservation) -> HttpObservation:
    """An HTTP answer without secrets, in its headers and in its body."""
    headers, body = redacted_parts(seen)
    return replace(seen, headers=headers, body=body)


def redacted_parts(seen: HttpObservation) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """The headers and the body of an answer without secrets."""
    headers = tuple([(name, redact_header(name, value)) for name, value in seen.headers])
    return headers, _redacted_body(seen.body)


# Thousands of hosts show the same few pages.
@lru_cache(maxsize=16)
def _redacted_body(body: bytes) -> bytes:
    # latin-1 keeps every octet, so that a body which is no text at all stays as it is
    return redact(body.decode("latin-1")).encode("latin-1")
