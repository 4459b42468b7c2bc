"""HAProxy on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "HAProxy"
PROGRAM = "haproxy"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

PACKAGED: Mapping[str, str] = {"debian-12": "2.6.12", "debian-13": "3.0.11", "newest": "3.2.26"}
OLDEST: Version = (2, 6)
REFUSED: Sequence[Refused] = ()

FOLDER = "/etc/haproxy"
LOG = "/dev/log"
USER = "haproxy"
# It serves no files: a tool answers the CA at a port of its own (`certbot --http-01-port 8402`).
CHALLENGE = "127.0.0.1:8402"
KEY_IN_CERTIFICATE = True
CERTIFICATE = "/etc/haproxy/certs/{host}.pem"
KEY = ""
NEEDS_RESOLVERS = False
SETTINGS: Sequence[tuple[str, str]] = (
    ("addresses", "asked for again every 2 s; another one is tried where one takes no connection; IPv4 first"),
)

SOURCES = (
    "https://docs.haproxy.org/2.6/configuration.html",
    "https://docs.haproxy.org/3.0/configuration.html",
    "https://docs.haproxy.org/3.2/configuration.html",
    "https://packages.debian.org/search?keywords=haproxy",
)
