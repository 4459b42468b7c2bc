"""Fastly: targets, authorities and limits, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "Fastly"
VENDOR = "fastly"
# The certificate is proved by a record of its own, so it is there before DNS moves.
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False

# What a host's CNAME leads to ends with one of these.
DOMAINS = ("fastly.net", "fastlylb.net")
# Before a target of Fastly's: the same edges with IPv6 addresses too.
DUALSTACK = "dualstack."
# Who signs, as CAA names them, by what the API calls them.
AUTHORITIES: Mapping[str, str] = {
    "certainly": "certainly.com",
    "lets-encrypt": "letsencrypt.org",
    "globalsign": "globalsign.com",
}
CAS = tuple(AUTHORITIES.values())
# All three by ACME; the record that is published here answers a DNS challenge.
METHODS = ("dns-01",)
# Below which label of the host the record is that answers: the word of ACME itself (RFC 8555 §8.4).
CHALLENGE_LABEL = "_acme-challenge"
MINIMUM_TLS = "1.2"
# RFC 5280 bounds the common name, and the subscription's only domain is there.
MOST_COMMON_NAME_OCTETS = 64
# Services that an account may have are the contract's; a free account may have so many domains.
MOST_DOMAINS_OF_FREE_ACCOUNT = 10
NAME_CHARACTERS = 100
COMMENT_CHARACTERS = 255

SOURCES = (
    "https://www.fastly.com/documentation/guides/getting-started/domains/securing-domains/tls-prerequisites-and-limitations",
    "https://www.fastly.com/documentation/reference/api/tls/subs/",
    "https://www.fastly.com/documentation/guides/full-site-delivery/domains-and-origins/enabling-dualstack-connections/",
    "https://www.fastly.com/documentation/guides/full-site-delivery/fastly-vcl/managing-caching-and-request-flow/",
    "https://www.fastly.com/documentation/guides/getting-started/domains/working-with-domains/working-with-cname-records-and-your-dns-provider",
    "https://docs.fastly.com/en/guides/common-service-and-domain-errors",
    "https://docs.fastly.com/products/network-services-resource-limits",
    "https://www.fastly.com/documentation/reference/vcl/constraints-and-limitations",
)
