"""SendGrid: targets and what its guides ask of an edge, each with its source."""

from __future__ import annotations

from typing import Final, Literal, get_args

NAME = "SendGrid"
VENDOR = "sendgrid"
FAMILIES = (4,)
# The link branding API gives these as the CNAMEs' data.
TARGETS = {"us": "sendgrid.net", "eu": "eu.sendgrid.net"}
# Auto SSL: where the click host of such a link points, and the records beside the two of every link.
AUTO_SSL_TARGET = "click.sendgrid.net"
AUTO_SSL_RECORDS: Final[tuple[tuple[str, Literal["CNAME", "TXT"]], ...]] = (
    ("_acme-challenge", "CNAME"),
    ("_cf-custom-hostname", "TXT"),
)
# What our provider calls their roles.
AUTO_SSL_ROLES: Final = {"_acme-challenge": "acmeChallenge", "_cf-custom-hostname": "customHostname"}
# Inferred: the records' names are those of Cloudflare for SaaS, whose certificates are signed by these; SendGrid names none.
AUTO_SSL_CAS = ("letsencrypt.org", "pki.goog", "ssl.com", "sectigo.com", "digicert.com")
AUTO_SSL_SECURED_BY = (
    "when the sender writes https for a link with Auto SSL is not documented: a mail shows it (`linkproof look --mail`)"
)
AUTO_SSL_UNPROXIED_BECAUSE = (
    "SendGrid wants the records of Auto SSL unproxied, and by their names its own edge is Cloudflare's: what becomes of a host that"
    " another zone proxies there is not documented"
)
AUTO_SSL_FIXED_BECAUSE = (
    "SendGrid documents Auto SSL for links that are made with it, and no way to switch it on or off for one that exists"
)
# POST is needed for one-click unsubscribe (RFC 8058) on the branded host.
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
HEADERS = ("Host", "User-Agent")
SECURED_BY = "the sender's support switches https on, per account and subuser"

# What an event webhook posts, by the settings' own names.
Event = Literal[
    "processed",
    "delivered",
    "deferred",
    "bounce",
    "dropped",
    "open",
    "click",
    "spam_report",
    "unsubscribe",
    "group_unsubscribe",
    "group_resubscribe",
]
EVENTS: Final[tuple[str, ...]] = get_args(Event)

SOURCES = (
    "https://www.twilio.com/docs/sendgrid/api-reference/link-branding",
    "https://www.twilio.com/docs/sendgrid/ui/sending-email/content-delivery-networks",
    "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-link-branding",
    "https://support.sendgrid.com/hc/en-us/articles/55419969558427",
)
