"""Caddy on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "Caddy"
PROGRAM = "caddy"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

PACKAGED: Mapping[str, str] = {"debian-12": "2.6.2", "debian-13": "2.6.2", "newest": "2.11.7"}
OLDEST: Version = (2, 6)
REFUSED: Sequence[Refused] = ()

FOLDER = "/etc/caddy"
LOG = "/var/log/caddy/linkproof.log"
USER = "caddy"
CHALLENGE = "/var/www/acme"
KEY_IN_CERTIFICATE = False
CERTIFICATE = "/etc/letsencrypt/live/{host}/fullchain.pem"
KEY = "/etc/letsencrypt/live/{host}/privkey.pem"
NEEDS_RESOLVERS = False
SETTINGS: Sequence[tuple[str, str]] = (
    ("changes", "raw `|`, `{`, `}`, `\\\\` and UTF-8 in a path arrive escaped; a path with a broken escape is 400"),
)

SOURCES = (
    "https://caddyserver.com/docs/caddyfile/directives/reverse_proxy",
    "https://caddyserver.com/docs/caddyfile/options",
    "https://caddyserver.com/docs/caddyfile/directives/log",
    "https://packages.debian.org/search?keywords=caddy",
)
