"""Azure DNS: a record is served with the TTL that it was given."""

from __future__ import annotations


def served_ttl_seconds(ttl_seconds: int, *, proxied: bool) -> int:
    """As resolvers see the TTL that a record has here."""
    del proxied
    return ttl_seconds
