"""The sender terminates HTTPS itself: there is nothing to make and nothing to move to."""

from __future__ import annotations

NAME = "the sender's own"
VENDOR = None
# Nothing is made ready, and the click host never leaves the sender.
PHASES = ("branded", "secured")
CAS: tuple[str, ...] = ()
FAMILIES = (4,)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = True
SOURCES = (
    "https://www.twilio.com/docs/sendgrid/ui/account-and-settings/how-to-set-up-link-branding",
    "https://support.sparkpost.com/docs/tech-resources/managed-https-for-tracking-domains",
)
