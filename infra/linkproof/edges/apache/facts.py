"""Apache on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "Apache"
PROGRAM = "apache"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

PACKAGED: Mapping[str, str] = {"debian-12": "2.4.71", "debian-13": "2.4.71", "newest": "2.4.71"}
# `MergeSlashes` is 2.4.39's; older ones than these were not tried.
OLDEST: Version = (2, 4, 57)
REFUSED: Sequence[Refused] = ()

FOLDER = "/etc/apache2/sites-available"
LOG = "/var/log/apache2/linkproof.log"
USER = "www-data"
CHALLENGE = "/var/www/acme"
KEY_IN_CERTIFICATE = False
CERTIFICATE = "/etc/letsencrypt/live/{host}/fullchain.pem"
KEY = "/etc/letsencrypt/live/{host}/privkey.pem"
NEEDS_RESOLVERS = False
SETTINGS: Sequence[tuple[str, str]] = (("changes", "a path with `%00` is 404"),)

SOURCES = (
    "https://httpd.apache.org/docs/2.4/mod/mod_proxy.html",
    "https://httpd.apache.org/docs/2.4/mod/mod_ssl.html",
    "https://httpd.apache.org/docs/2.4/mod/core.html",
    "https://packages.debian.org/search?keywords=apache2",
)
