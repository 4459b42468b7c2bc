"""Traefik on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "Traefik"
PROGRAM = "traefik"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

# No distribution here packages it.
PACKAGED: Mapping[str, str] = {"newest": "3.7.15"}
# `sanitizePath: false` keeps a path as it is: the versions before 3.4 have no such word, and those with it were not told apart.
OLDEST: Version = (3, 4)
REFUSED: Sequence[Refused] = (
    Refused((3, 6, 4), (3, 6, 6), "it answers 400 to %2F in a path, which every link of Amazon SES has"),
)

FOLDER = "/etc/traefik"
LOG = "/var/log/traefik/linkproof.log"
USER = "traefik"
# It serves no files: a tool answers the CA at a port of its own (`certbot --http-01-port 8402`).
CHALLENGE = "127.0.0.1:8402"
KEY_IN_CERTIFICATE = False
CERTIFICATE = "/etc/letsencrypt/live/{host}/fullchain.pem"
KEY = "/etc/letsencrypt/live/{host}/privkey.pem"
NEEDS_RESOLVERS = False
SETTINGS: Sequence[tuple[str, str]] = (
    (
        "changes",
        "`;` in a query arrives as `&`; `%7E` and other needless escapes in a path decoded, lower-case ones as upper-case ones",
    ),
)

SOURCES = (
    "https://doc.traefik.io/traefik/routing/entrypoints/",
    "https://doc.traefik.io/traefik/routing/services/",
    "https://doc.traefik.io/traefik/observability/access-logs/",
)
