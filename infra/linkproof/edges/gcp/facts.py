"""Google Cloud's global external Application Load Balancer: authorities, limits and defaults, each with its source."""

from __future__ import annotations

NAME = "Google Cloud load balancer"
VENDOR = "gcp"
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
# A certificate map entry holds the host: the old project's goes before the new one's is made.
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False

# Google's Public CA, and where that refuses, Let's Encrypt.
CAS = ("pki.goog", "letsencrypt.org")
# Both look for a CNAME below the host: by ACME's label, or by the one that the Baseline Requirements give to 3.2.2.4.7.
METHODS = ("dns-01", "ca-tbr-7")
# FIXED_RECORD, the default, is one record for all projects, and takes ACME's own name `_acme-challenge`.
AUTHORIZATION_TYPE = "PER_PROJECT_RECORD"

# A URL map may have 1 MB; that of a classic load balancer 64 KB.
MOST_URL_MAP_OCTETS = 1_000_000
# Letters, digits and hyphens, as RFC 1035 has a label.
MOST_NAME_CHARACTERS = 63
# Of a description at Certificate Manager and at Compute, whichever is less.
DESCRIPTION_CHARACTERS = 255

SOURCES = (
    "https://docs.cloud.google.com/load-balancing/docs/https",
    "https://docs.cloud.google.com/load-balancing/docs/negs/internet-neg-concepts",
    "https://docs.cloud.google.com/load-balancing/docs/https/traffic-management-global",
    "https://docs.cloud.google.com/load-balancing/docs/routing-config-size-quota",
    "https://docs.cloud.google.com/load-balancing/docs/quotas",
    "https://docs.cloud.google.com/certificate-manager/docs/dns-authorizations",
    "https://docs.cloud.google.com/certificate-manager/docs/how-it-works",
    "https://docs.cloud.google.com/certificate-manager/docs/quotas",
    "https://docs.cloud.google.com/certificate-manager/docs/troubleshooting",
)
