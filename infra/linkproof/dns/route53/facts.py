"""Amazon Route 53 as a DNS host: ids and times, each with its source."""

from __future__ import annotations

from linkproof.contract.dns import ZoneId

NAME = "Amazon Route 53"
VENDOR = "aws"
ZONE_ID = ZoneId("Z[A-Z0-9]{1,31}", "Z and capital letters or digits", "copy the Hosted zone ID, without /hostedzone/")
# "Changes generally propagate to all Route 53 servers within 60 seconds."
PROPAGATION_SECONDS = 60
# The lesser of the SOA's own TTL and its minimum field, as its zones have them by default.
NEGATIVE_TTL_SECONDS = 900
TTL_SECONDS = None
PROXY: str | None = None
SOURCES = (
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html",
)
