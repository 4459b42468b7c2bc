"""Google Cloud DNS as a DNS host: ids and times, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget, ZoneId

NAME = "Google Cloud DNS"
VENDOR = "gcp"
# The managed zone's own name in the project, not the DNS name.
ZONE_ID = ZoneId(
    "[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?",
    "the managed zone's name: a small letter, then small letters, digits and hyphens",
    "copy the Zone name, not the DNS name, from the list of Cloud DNS zones",
)
# A change is `pending` until all of its servers have it; no page that was read says how long. This leaves room.
PROPAGATION_SECONDS = 120
# The SOA that its zones get has 300 as its last field, and a TTL of 21600.
NEGATIVE_TTL_SECONDS = 300
TTL_SECONDS = (0, 2147483647)
PROXY: str | None = None
ALIASES: Mapping[str, AliasTarget] = {}
SOURCES = (
    "https://docs.cloud.google.com/dns/docs/reference/rest/v1/managedZones",
    "https://docs.cloud.google.com/dns/docs/reference/rest/v1/changes",
    "https://docs.cloud.google.com/dns/docs/records-overview",
)
