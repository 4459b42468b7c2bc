"""A zone that we may not write: `plan` prints its records, the verifier proves them."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget

NAME = "people"
VENDOR = None
ZONE_ID = None
# A hand-run zone waits for NOTIFY, or for its person.
PROPAGATION_SECONDS = 300
# The lesser of the SOA's own TTL and its minimum field, as its zones have them by default.
NEGATIVE_TTL_SECONDS = 3600
TTL_SECONDS = None
PROXY: str | None = None
ALIASES: Mapping[str, AliasTarget] = {}
# A secondary follows its primary by NOTIFY, or at its refresh.
SOURCES = ("https://www.rfc-editor.org/rfc/rfc1996",)
