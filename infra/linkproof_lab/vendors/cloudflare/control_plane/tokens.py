"""API tokens: their form, what each may do, and where.

A token is 40 to 80 characters long. The lab knows `CLOUDFLARE_TOKEN` of the facts, which may do in every zone what the README asks
for and no more, and those of documents of kind `cloudflare-token`, whose key is `key_of(token)`:
`{"scopes": ["Zone:Read", "DNS:Edit", …] or ["*"], "zones": [ids] or ["*"]}`.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from linkproof_lab.store import Store
from linkproof_lab.vendors.cloudflare.control_plane.envelope import CloudflareError
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN

KIND = "cloudflare-token"
ANYTHING = "*"
ZONE_READ, DNS_EDIT, ANALYTICS_READ = "Zone:Read", "DNS:Edit", "Analytics:Read"
# The permission that a ruleset of a phase needs (developers.cloudflare.com/fundamentals/api/reference/permissions).
RULESET_SCOPES = {
    "http_config_settings": "Config Rules:Edit",
    "http_request_cache_settings": "Cache Rules:Edit",
    "http_request_dynamic_redirect": "Single Redirect:Edit",
    "http_request_origin": "Origin Rules:Edit",
    "http_request_transform": "Transform Rules:Edit",
    "http_request_late_transform": "Transform Rules:Edit",
    "http_response_headers_transform": "Transform Rules:Edit",
    "http_request_firewall_custom": "Zone WAF:Edit",
    "http_ratelimit": "Zone WAF:Edit",
    "http_custom_errors": "Custom Error Rules:Edit",
}
LEAST_SCOPES = (
    ZONE_READ,
    DNS_EDIT,
    "SSL and Certificates:Read",
    "Config Rules:Edit",
    "Cache Rules:Edit",
    "Transform Rules:Edit",
)
_FORM = re.compile(r"[A-Za-z0-9_-]{40,80}")


@dataclass(frozen=True, slots=True)
class Token:
    """What one token may do."""

    scopes: tuple[str, ...]
    zones: tuple[str, ...]

    def sees(self, zone_id: str) -> bool:
        return ANYTHING in self.zones or zone_id in self.zones

    def may(self, scope: str, zone_id: str) -> bool:
        """`Edit` has `Read` in it."""
        wanted = {scope, ANYTHING, scope.replace(":Read", ":Edit")}
        return self.sees(zone_id) and bool(wanted & set(self.scopes))


def key_of(token: str) -> str:
    """The key of a token's document: no file of the lab holds a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_of(store: Store, authorization: str | None) -> tuple[str, Token]:
    """The caller's token and what it may do.

    Raises:
        CloudflareError: there is none, it is not of a token's form, or nobody has made it.
    """
    scheme, _, text = (authorization or "").partition(" ")
    text = text.strip()
    if scheme.lower() != "bearer":
        raise CloudflareError(400, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers")
    if not _FORM.fullmatch(text):
        chain = ((6111, "Invalid format for Authorization header"),)
        raise CloudflareError(400, 6003, "Invalid request headers", chain=chain)
    if text == CLOUDFLARE_TOKEN:
        return text, Token(LEAST_SCOPES, (ANYTHING,))
    found = store.get(KIND, key_of(text))
    if found is None:
        raise unauthorized()
    return text, Token(tuple(found["scopes"]), tuple(found["zones"]))


def unauthorized() -> CloudflareError:
    """The vendor's answer to a token that it does not know, and to one without the permission."""
    return CloudflareError(403, 10000, "Authentication error")
