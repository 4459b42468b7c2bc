"""SendGrid: targets and what its guides ask of an edge, each with its source."""

from __future__ import annotations

from typing import Final, Literal, get_args

NAME = "SendGrid"
VENDOR = "sendgrid"
FAMILIES = (4,)
# The link branding API gives these as the CNAMEs' data.
TARGETS = {"us": "sendgrid.net", "eu": "eu.sendgrid.net"}
# Where the click host of a link with Auto SSL points, which no file here can say yet.
MANAGED_TARGET = "click.sendgrid.net"
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
)
