"""KeyCDN: targets, settings and limits, each with its source."""

from __future__ import annotations

from collections.abc import Mapping

NAME = "KeyCDN"
VENDOR = "keycdn"
# With a certificate of the user's own, which is there before DNS moves. KeyCDN's Let's Encrypt asks the host itself, so it never is.
PHASES = ("branded", "ready", "live", "secured")
FAMILIES = (4, 6)
HAS_ACCOUNT = True
NEEDS_NO_ENTRY = False
# It asks no authority: the certificate is given to it.
CAS: tuple[str, ...] = ()

DOMAIN = "kxcdn.com"
# "name: zone name, max. 20 alphanumeric characters".
NAME_CHARACTERS = 20
# What an account has until its support allows more.
MOST_ZONES = 10

# The API's names. Defaults of a new zone are others where a comment says so.
SETTINGS: Mapping[str, str] = {
    "type": "pull",
    "status": "active",
    "sslcert": "custom",  # "shared": a certificate of kxcdn.com
    "cachehostheader": "enabled",  # disabled: "Forward Host Header", the origin is asked for its own name
    "cacheignorequerystring": "disabled",  # enabled: the token of a click is in the query
    "cacheignorecachecontrol": "disabled",  # enabled: what the origin says of its answers is not heard
    "cachemaxexpire": "0",  # 1440 minutes, for answers of which the origin says nothing
    "expire": "0",  # as received from the origin
    "cachestripcookies": "enabled",
    "cachecookies": "disabled",
    "forcessl": "disabled",
    "gzip": "disabled",
    "cachebr": "disabled",
    "originshield": "disabled",
    "blockbadbots": "disabled",
    "allowemptyreferrer": "enabled",
    "securetoken": "disabled",
    "cors": "disabled",
    "cachecanonical": "disabled",
    "cacherobots": "disabled",
    "cacheerrorpages": "disabled",
}

SOURCES = (
    "https://www.keycdn.com/api",
    "https://www.keycdn.com/support/pull-zone-settings",
    "https://www.keycdn.com/support/zone-settings",
    "https://www.keycdn.com/support/create-a-zone-alias",
    "https://www.twilio.com/docs/sendgrid/ui/sending-email/content-delivery-networks",
)


def target_of(name: str, suffix: str) -> str:
    """A zone's own name, without trailing dot."""
    return f"{name}-{suffix}.{DOMAIN}"
