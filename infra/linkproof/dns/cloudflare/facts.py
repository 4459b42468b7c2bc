"""Cloudflare as a DNS host: ids and times, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget, ZoneId

NAME = "Cloudflare"
VENDOR = "cloudflare"
ZONE_ID = ZoneId(
    "[0-9a-f]{32}", "32 hexadecimal digits in lower case", "copy the Zone ID from the zone's overview page"
)
# Its edge follows within seconds; this leaves room.
PROPAGATION_SECONDS = 30
# The lesser of the SOA's own TTL and its minimum field, as its zones have them by default.
NEGATIVE_TTL_SECONDS = 1800
TTL_SECONDS = (60, 86400)
PROXY = "cloudflare"
ALIASES: Mapping[str, AliasTarget] = {}
# Its export writes this behind a record that is proxied, in a comment.
EXPORT_MARK_OF_PROXIED = "cf-proxied:true"
SOURCES = (
    "https://developers.cloudflare.com/dns/manage-dns-records/how-to/import-and-export/",
    "https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/",
    "https://developers.cloudflare.com/fundamentals/account/find-account-and-zone-ids/",
)
