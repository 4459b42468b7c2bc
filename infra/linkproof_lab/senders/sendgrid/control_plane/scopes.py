"""API keys' scopes, by the vendor's names."""

from __future__ import annotations

_ALL = ("create", "delete", "read", "update")
_WEBHOOK = "user.webhooks.event.settings"

# What each ability of `linkproof` needs; the README of the plug-in says the same, and a test holds one to the other.
LINKS = tuple(f"whitelabel.{verb}" for verb in _ALL)
KEYS = tuple(f"api_keys.{verb}" for verb in _ALL)
WEBHOOKS = tuple(f"{_WEBHOOK}.{verb}" for verb in _ALL)
CLICK_TRACKING = ("tracking_settings.click.read", "tracking_settings.click.update")
SUBUSERS = tuple(f"subusers.{verb}" for verb in _ALL)
SENDING = ("mail.send", "stats.read")

LEAST_SCOPES = (*LINKS, *KEYS, *WEBHOOKS, *CLICK_TRACKING, *SUBUSERS, *SENDING)
# A key may be given any of these, and no other word.
KNOWN = frozenset(
    (
        *LEAST_SCOPES,
        f"{_WEBHOOK}.test.create",
        "stats.global.read",
        "alerts.read",
        "sender_verification_eligible",
        "2fa_required",
        "user.account.read",
        "templates.read",
    )
)
