"""SendGrid link branding: two CNAMEs, of which only the click host ever moves.

Sources: the SSL click tracking guide (steps 2 to 4), Twilio's link branding API (`region`), and the CDN guides
for what an edge must forward. The owner host stays at the sender for ever.
"""

from __future__ import annotations

from linkproof.senders.needs import EdgeNeeds

TARGETS = {"us": "sendgrid.net", "eu": "eu.sendgrid.net"}


def target(region: str) -> str:
    """Where both CNAMEs point while the sender serves the link, without trailing dot."""
    return TARGETS[region]


def edge_needs(region: str) -> EdgeNeeds:
    """POST is needed for one-click unsubscribe (RFC 8058) on the branded host."""
    return EdgeNeeds(
        origin=TARGETS[region],
        headers=("Host", "User-Agent"),
        query_strings="all",
        cookies="none",
        methods=("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"),
    )
