"""CloudFront: targets, authorities and limits, each with its source."""

from __future__ import annotations

NAME = "Amazon CloudFront"
VENDOR = "aws"
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False

# Every distribution's own name ends with it.
DOMAIN = "cloudfront.net"
# Who signs for ACM.
CAS = ("amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com")
# ACM looks for its CNAME: the ACME label, and the one that the Baseline Requirements (ballot SC-098) give to 3.2.2.4.7.
METHODS = ("dns-01", "ca-tbr-7")
# RFC 5280 bounds the common name, and ACM puts the first name there.
MOST_COMMON_NAME_OCTETS = 64
# A certificate for CloudFront lives there.
CERTIFICATE_REGION = "us-east-1"
# Managed-CachingDisabled. AWS publishes the id; it is the same in every account.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# Of a policy that keeps answers: with 0 it would heed an origin that forbids it, and keep none.
MINIMUM_CACHE_SECONDS = 1
MINIMUM_TLS = "TLSv1.2_2021"
# Every status whose caching can be set. What is not set is kept for 10 s, with CachingDisabled too, under a key without
# the query: one recipient would get another's error.
ERROR_STATUSES = (400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504)

# Quotas per account.
MOST_DISTRIBUTIONS = 500
MOST_POLICIES = 20
MOST_DISTRIBUTIONS_PER_POLICY = 100
MOST_TENANTS = 10_000
MOST_MULTITENANT_DISTRIBUTIONS = 20
# Of ACM, in one region.
MOST_CERTIFICATES = 2_500

SOURCES = (
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-config-options.html",
    "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/tenant-customization.html",
    "https://docs.aws.amazon.com/acm/latest/userguide/acm-limits.html",
    "https://docs.aws.amazon.com/acm/latest/userguide/setup-caa.html",
    "https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html",
)
