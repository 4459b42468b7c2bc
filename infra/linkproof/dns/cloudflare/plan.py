"""Cloudflare DNS: a proxied record, and one with the automatic TTL, is served with Cloudflare's own, whatever is declared."""

from __future__ import annotations

AUTOMATIC_TTL = 1
AUTOMATIC_TTL_SECONDS = 300


def served_ttl_seconds(ttl_seconds: int, *, proxied: bool) -> int:
    """As resolvers see the TTL that a record has here."""
    return AUTOMATIC_TTL_SECONDS if proxied or ttl_seconds == AUTOMATIC_TTL else ttl_seconds
