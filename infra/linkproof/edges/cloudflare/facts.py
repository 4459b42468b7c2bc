"""Cloudflare's proxy: authorities and limits, each with its source."""

from __future__ import annotations

NAME = "Cloudflare"
VENDOR = "cloudflare"
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
# The proxy belongs to the zone: no object of its own holds a host.
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

# Who signs for Universal SSL; digicert.com for older packs.
CAS = ("letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com", "digicert.com")
# TXT or HTTP, as it likes: the ACME labels, and those of the Baseline Requirements (ballot SC-098) for 3.2.2.4.7, .18 and .19.
METHODS = ("dns-01", "http-01", "ca-tbr-7", "ca-tbr-18", "ca-tbr-19")
# Nothing in its documents says what its edges answer then, while resolvers still give their addresses.
ONCE_LEFT = (
    "Cloudflare does not say what it answers for a host whose record is proxied no longer; until resolvers have forgotten its"
    " addresses, of both families (300 s, whatever `ttl_seconds` is declared), clicks may end at its error 1001"
)
# The automatic TTL, which every proxied record has.
AUTOMATIC_TTL_SECONDS = 300
# Levels below the zone that Universal SSL covers.
UNIVERSAL_SSL_LEVELS = 1
# Rules per zone and ruleset phase, by the zone's plan.
MOST_RULES = {"Free": 10, "Pro": 25, "Business": 50, "Enterprise": 300}
# Of one rule's expression.
MOST_EXPRESSION_OCTETS = 4096

SOURCES = (
    "https://developers.cloudflare.com/ssl/reference/certificate-authorities/",
    "https://developers.cloudflare.com/ssl/edge-certificates/universal-ssl/limitations/",
    "https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/",
    "https://developers.cloudflare.com/ruleset-engine/rules-language/expressions/",
    "https://developers.cloudflare.com/rules/configuration-rules/",
)
