"""Canaries: real links of a click host whose destinations are known. Who sees one sees its recipient, so it is never shown."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

# What one request line may hold; SendGrid's longest links have some 2,000 characters.
MOST_URL_CHARACTERS: Final = 4096
# Each is a click in every run.
MOST_CANARIES: Final = 8
# RFC 3986 §2: unreserved, reserved and percent-encoded octets.
_URL: Final = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


@dataclass(frozen=True, slots=True)
class Canary:
    """One real link.

    Args:
        url: as it stands in a mail; whoever has it is its recipient, so no message and no `repr` holds it.
        leads_to: the Location of its redirect.
    """

    url: str = field(repr=False)
    leads_to: str

    def __str__(self) -> str:
        return f"a link to {destination(self.leads_to)}"


def fault_of_url(url: str, host: str) -> str:
    """Why this is no link of the host, in words that do not repeat it; empty when it is one."""
    fault = _fault(url)
    if fault:
        return fault
    parts = urlsplit(url)
    if (parts.hostname or "") != host:
        return "is on another host than the click host"
    if parts.username is not None or parts.fragment or (parts.port not in {None, 80, 443}):
        return "has a user, a port or a fragment, which no sender writes"
    if parts.path in {"", "/"} and not parts.query:
        return "has neither a path nor a query, so it is nobody's link"
    return ""


def fault_of_destination(leads_to: str) -> str:
    """Why this can be no Location; empty when it can."""
    return _fault(leads_to)


def destination(leads_to: str) -> str:
    """Where a link leads without its query and fragment: what tells two recipients' destinations apart for certain."""
    parts = urlsplit(leads_to)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}{parts.path or '/'}"


def _fault(url: str) -> str:
    if len(url) > MOST_URL_CHARACTERS:
        return f"has {len(url)} characters, at most {MOST_URL_CHARACTERS}"
    if not _URL.fullmatch(url):
        return "has a character that no URL has; write it as the mail's source or the Location has it"
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is no URL"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "is no http:// or https:// URL"
    return ""
