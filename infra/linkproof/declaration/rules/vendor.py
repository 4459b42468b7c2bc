"""The few vendor facts that rules need: targets, authorities and limits, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from linkproof.declaration.model import EdgeProvider, Region

# SendGrid's link branding API returns these as the CNAMEs' data.
SENDGRID_TARGETS: Final[Mapping[Region, str]] = MappingProxyType({"us": "sendgrid.net", "eu": "eu.sendgrid.net"})
KARTE_TARGET: Final = "cname.karte.io"

# Who signs for each edge. ACM: "Set up to use CAA"; Cloudflare: "Certificate authorities" (digicert.com for older packs).
CAS: Final[Mapping[EdgeProvider, tuple[str, ...]]] = MappingProxyType(
    {
        "cloudfront": ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"),
        "cloudflare": ("letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com", "digicert.com"),
    }
)

# CloudFront quotas, per account.
MOST_DISTRIBUTIONS: Final = 500
MOST_POLICIES: Final = 20
MOST_DISTRIBUTIONS_PER_POLICY: Final = 100

# Cloudflare rules per zone and ruleset phase: Free, Pro, Business, Enterprise. A rule's expression has at most 4 KB.
MOST_RULES: Final = MappingProxyType({"Free": 10, "Pro": 25, "Business": 50, "Enterprise": 300})
MOST_EXPRESSION_BYTES: Final = 4096
EXPRESSION_FRAME_BYTES: Final = len("http.host in {}")

# The automatic TTL, which every proxied record has.
CLOUDFLARE_AUTOMATIC_TTL_SECONDS: Final = 300
CLOUDFLARE_TTL_SECONDS: Final = (60, 86400)

# Words that people write where a vendor of ours is expected: what they name, and what to do where that is not plain.
KNOWN_ELSEWHERE: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "adebis": ("AD EBiS", ""),
        "adobe": ("Adobe Analytics", ""),
        "at-internet": ("Piano Analytics", ""),
        "commanders-act": ("Commanders Act", ""),
        "criteo": ("Criteo", ""),
        "eulerian": ("Eulerian", ""),
        "gtm": ("Google Tag Manager", ""),
        "matomo": ("Matomo", ""),
        "piano": ("Piano Analytics", ""),
        "webtrekk": ("Mapp Intelligence", ""),
        "braze": (
            "Braze",
            "Braze sends through SendGrid or SparkPost: write the one it uses for you, with `account: external`",
        ),
        "karte": ("KARTE", "a KARTE host belongs under `tracking_hosts:`; the sender is who writes the mail's links"),
    }
)

# RFC 5280 bounds the common name, and ACM puts the first name there.
MOST_COMMON_NAME_OCTETS: Final = 64
