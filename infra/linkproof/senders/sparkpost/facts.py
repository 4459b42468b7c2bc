"""SparkPost: its tracking endpoints and what its guide asks of an edge, each with its source."""

from __future__ import annotations

NAME = "SparkPost"
VENDOR = "sparkpost"
FAMILIES = (4,)
# "SparkPost tracking endpoints" of the guide. An enterprise account has one of its own, below ENTERPRISE_ZONE as a rule.
TARGETS = {"us": "spgo.io", "eu": "eu.spgo.io"}
# HTTPS that SparkPost manages, for which the host leads to another endpoint: the guide's table has none for an enterprise account.
MANAGED_TARGETS = {"us": "v2.spgo.io", "eu": "eu.v2.spgo.io"}
# Let's Encrypt asks the host itself (HTTP-01), so it has to stand at SparkPost whenever the certificate is renewed.
MANAGED_CAS = ("letsencrypt.org",)
MANAGED_METHODS = ("http-01",)
ENTERPRISE_ZONE = "et.e.sparkpost.com"
METHODS = ("GET", "HEAD")
# Host is not forwarded: X-Forwarded-Host says the click host. Without the other, events have no user agent.
HEADERS = ("User-Agent",)
# So that a scanner's second look is no second click; the guide's policy keeps answers for 1 to 10 s.
CACHE_SECONDS = 10
SECURED_BY = "`secure` of the tracking domain makes it write https"
MANAGED_SECURED_BY = "`secure` of the tracking domain makes it write https, once SparkPost has the host's certificate"

SOURCES = (
    "https://support.sparkpost.com/docs/tech-resources/enabling-https-engagement-tracking-on-sparkpost",
    "https://support.sparkpost.com/docs/tech-resources/using-proxy-https-tracking-domain",
    "https://support.sparkpost.com/docs/tech-resources/managed-https-for-tracking-domains",
    "https://developers.sparkpost.com/api/tracking-domains/",
    "https://developers.sparkpost.com/api/sending-domains/",
)
