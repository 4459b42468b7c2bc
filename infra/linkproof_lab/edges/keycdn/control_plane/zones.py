"""What KeyCDN's API holds and refuses: zones and zone aliases (www.keycdn.com/api)."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from linkproof_lab.store import Store
from linkproof_lab.web.contexts import Identity, server_context

ZONE: Final = "keycdn-zone"
ALIAS: Final = "keycdn-alias"
_FIRST = 10001
_MOST_ZONES = 10
_FLAGS = ("enabled", "disabled")
# Defaults of a new zone, and what may be written. An empty tuple is a number; None is any text.
_MEMBERS: Final[Mapping[str, tuple[str, tuple[str, ...] | None]]] = {
    "status": ("active", ("active", "inactive")),
    "type": ("pull", ("pull", "push")),
    "sslcert": ("shared", ("shared", "custom", "letsencrypt")),
    "originurl": ("", None),
    "customsslcert": ("", None),
    "customsslkey": ("", None),
    "expire": ("0", ()),
    "cachemaxexpire": ("1440", ()),
    "cacheignorecachecontrol": ("enabled", _FLAGS),
    "cacheignorequerystring": ("enabled", _FLAGS),
    "cachehostheader": ("disabled", _FLAGS),
    "cachestripcookies": ("enabled", _FLAGS),
    "allowemptyreferrer": ("enabled", _FLAGS),
    **dict.fromkeys(
        (
            *("forcessl", "gzip", "cachebr", "originshield", "blockbadbots", "blockreferrer", "securetoken", "cors"),
            *("forcedownload", "imgproc", "cachecanonical", "cacherobots", "cacheerrorpages", "cachecookies", "http2"),
            *("cachekeyscheme", "cachekeyhost", "cachekeycookie", "cachekeydevice", "cachekeywebp", "cachekeycountry"),
        ),
        ("disabled", _FLAGS),
    ),
}
_NEVER_READ = "customsslkey"


class KeyCdnError(Exception):
    """A refusal, in the API's words."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


@dataclass(frozen=True, slots=True)
class Control:
    """Of one account: all that a lab has."""

    store: Store

    def answer(self, method: str, path: list[str], body: Mapping[str, Any]) -> dict[str, Any]:
        """What `data` of the answer has.

        Raises:
            KeyCdnError: it refuses.
        """
        match method, path:
            case "GET", ["zones"]:
                return {"zones": [_shown(zone) for _, zone in self.store.all(ZONE)]}
            case "POST", ["zones"]:
                return {"zone": _shown(self._make_zone(body))}
            case "GET", ["zones", zone_id]:
                return {"zone": _shown(self._zone(zone_id))}
            case "PUT", ["zones", zone_id]:
                return {"zone": _shown(self._put_zone({**self._zone(zone_id), **_read(body)}))}
            case "DELETE", ["zones", zone_id]:
                return self._delete_zone(self._zone(zone_id))
            case "GET", ["zonealiases"]:
                return {"zonealiases": [alias for _, alias in self.store.all(ALIAS)]}
            case "POST", ["zonealiases"]:
                return {"zonealias": self._make_alias(body)}
            case "DELETE", ["zonealiases", alias_id]:
                if self.store.get(ALIAS, alias_id) is None:
                    raise KeyCdnError(404, "Zonealias not found.")
                self.store.delete(ALIAS, alias_id)
                return {}
        raise KeyCdnError(404, "Not found.")

    def _make_zone(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A name has at most 20 alphanumeric characters, all lower case."""
        name, held = str(body.get("name") or ""), self.store.all(ZONE)
        if not (name.isascii() and name.isalnum() and name == name.lower() and len(name) <= 20):
            raise KeyCdnError(400, "Zone name must be alphanumeric, lower case and at most 20 characters.")
        if any(zone["name"] == name for _, zone in held):
            raise KeyCdnError(400, "Zone name already exists.")
        if len(held) >= _MOST_ZONES:
            raise KeyCdnError(403, "Zone limit reached.")
        made = {name: default for name, (default, _) in _MEMBERS.items()}
        return self._put_zone({**made, **_read(body), "id": self._next(ZONE), "name": name})

    def _put_zone(self, zone: dict[str, Any]) -> dict[str, Any]:
        parts = urlsplit(zone["originurl"])
        if zone["type"] == "pull" and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise KeyCdnError(400, "Origin URL is not valid.")
        if len(zone["originurl"]) > 128:
            raise KeyCdnError(400, "Origin URL must be at most 128 characters.")
        if zone["sslcert"] == "custom" and identity(zone) is None:
            raise KeyCdnError(400, "SSL certificate and private key are not valid.")
        self.store.put(ZONE, zone["id"], zone)
        return zone

    def _delete_zone(self, zone: dict[str, Any]) -> dict[str, Any]:
        """Its aliases go with it."""
        for alias_id, alias in self.store.all(ALIAS):
            if alias["zone_id"] == zone["id"]:
                self.store.delete(ALIAS, alias_id)
        self.store.delete(ZONE, zone["id"])
        return {}

    def _make_alias(self, body: Mapping[str, Any]) -> dict[str, Any]:
        name, zone = str(body.get("name") or "").lower(), self._zone(str(body.get("zone_id")))
        if "." not in name:
            raise KeyCdnError(400, "Zonealias name is not valid.")
        if any(alias["name"] == name for _, alias in self.store.all(ALIAS)):
            raise KeyCdnError(400, "Zonealias already exists.")
        made = {"id": self._next(ALIAS), "name": name, "zone_id": zone["id"]}
        self.store.put(ALIAS, made["id"], made)
        return made

    def _zone(self, zone_id: str) -> dict[str, Any]:
        found = self.store.get(ZONE, zone_id)
        if found is None:
            raise KeyCdnError(404, "Zone not found.")
        return found

    def _next(self, kind: str) -> str:
        return str(max((int(id_) for id_, _ in self.store.all(kind)), default=_FIRST - 1) + 1)


def identity(zone: Mapping[str, Any]) -> Identity | None:
    """The certificate that was given for a zone; None where it and its key are none, or not of each other."""
    found = Identity(zone["customsslcert"], "", zone["customsslkey"])
    try:
        server_context(found)
    except (ssl.SSLError, ValueError):
        return None
    return found


def _read(body: Mapping[str, Any]) -> dict[str, str]:
    """Raises:
    KeyCdnError: a value is none of those that are taken.
    """
    found = {name: str(value) for name, value in body.items() if name in _MEMBERS}
    for name, value in found.items():
        choices = _MEMBERS[name][1]
        if choices == () and not value.lstrip("-").isdecimal():
            raise KeyCdnError(400, f"{name} must be a number.")
        if choices and value not in choices:
            raise KeyCdnError(400, f"{name} must be one of {', '.join(choices)}.")
    return found


def _shown(zone: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in zone.items() if name != _NEVER_READ}
