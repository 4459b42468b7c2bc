"""A primary server of one's own that takes dynamic updates (RFC 2136), signed with TSIG (RFC 8945): times, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget

NAME = "a primary server (RFC 2136)"
VENDOR = "rfc2136"
ZONE_ID = None
# Secondaries follow by NOTIFY within seconds; one that missed it, at the zone's refresh, which is the owner's to choose.
PROPAGATION_SECONDS = 300
# The lesser of the SOA's own TTL and its minimum field, which the owner chooses; RFC 2308 §5 calls one to three hours sensible.
NEGATIVE_TTL_SECONDS = 3600
TTL_SECONDS = None
PROXY: str | None = None
ALIASES: Mapping[str, AliasTarget] = {}
SOURCES = (
    "https://www.rfc-editor.org/rfc/rfc2136",
    "https://www.rfc-editor.org/rfc/rfc8945",
    "https://www.rfc-editor.org/rfc/rfc1996",
    "https://www.rfc-editor.org/rfc/rfc2308#section-5",
)
