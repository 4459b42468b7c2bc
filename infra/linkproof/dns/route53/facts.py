"""Amazon Route 53 as a DNS host: ids and times, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget, ZoneId

NAME = "Amazon Route 53"
VENDOR = "aws"
ZONE_ID = ZoneId("Z[A-Z0-9]{1,31}", "Z and capital letters or digits", "copy the Hosted zone ID, without /hostedzone/")
# "Changes generally propagate to all Route 53 servers within 60 seconds."
PROPAGATION_SECONDS = 60
# The lesser of the SOA's own TTL and its minimum field, as its zones have them by default.
NEGATIVE_TTL_SECONDS = 900
TTL_SECONDS = None
PROXY: str | None = None
# The zone id is the same for every distribution; an alias of one is served with 60 seconds.
ALIASES: Mapping[str, AliasTarget] = {"cloudfront": AliasTarget("Z2FDTNDATAQYW2", 60)}
SOURCES = (
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/route-53-concepts.html",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/SOA-NSrecords.html",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-choosing-alias-non-alias.html",
)
