"""Azure DNS as a DNS host: ids, times and limits, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

from linkproof.contract.dns import AliasTarget, ZoneId

NAME = "Azure DNS"
VENDOR = "azure"
# A zone is told by its name in a resource group; the subscription is the account's.
ZONE_ID = ZoneId(
    r"[\w.()-]{0,89}[\w()-]/(?:[a-z0-9_-]{1,63}\.)+[a-z0-9-]{2,63}",
    "the resource group, a slash, and the zone's name in small letters: mail/example.com",
    "copy both from the Overview of the DNS zone, or from `az network dns zone list --output table`",
)
# "typically takes effect within 60 seconds"
PROPAGATION_SECONDS = 60
# The SOA that its zones get has 300 as its last field, and a TTL of 3600.
NEGATIVE_TTL_SECONDS = 300
TTL_SECONDS = (1, 2147483647)
PROXY: str | None = None
# Its alias records lead to objects of Azure in place of a name; a click host stays a CNAME.
ALIASES: Mapping[str, AliasTarget] = {}
# Of a name and value pair that a record set carries, and nobody is served.
METADATA_CHARACTERS = 256
API_VERSION = "2018-05-01"
SOURCES = (
    "https://learn.microsoft.com/rest/api/dns/record-sets/create-or-update",
    "https://learn.microsoft.com/azure/dns/dns-zones-records",
    "https://learn.microsoft.com/azure/dns/dns-faq",
    "https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits",
)
