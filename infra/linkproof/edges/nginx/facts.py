"""nginx on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "nginx"
PROGRAM = "nginx"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

PACKAGED: Mapping[str, str] = {"debian-12": "1.22.1", "debian-13": "1.26.3", "newest": "1.30.6"}
# `ssl_reject_handshake` is older (1.19.4); older ones than Debian 12's were not tried.
OLDEST: Version = (1, 22)
REFUSED: Sequence[Refused] = ()
# `listen … http2` before, a directive of its own from then on, and the old form is a warning.
HTTP2_DIRECTIVE: Version = (1, 25, 1)

FOLDER = "/etc/nginx"
LOG = "/var/log/nginx/linkproof.log"
USER = "www-data"
CHALLENGE = "/var/www/acme"
KEY_IN_CERTIFICATE = False
CERTIFICATE = "/etc/letsencrypt/live/{host}/fullchain.pem"
KEY = "/etc/letsencrypt/live/{host}/privkey.pem"
NEEDS_RESOLVERS = True
SETTINGS: Sequence[tuple[str, str]] = (
    ("addresses", "asked for again when their TTL is over; IPv4 alone, so that none that is dead is tried"),
)

SOURCES = (
    "https://nginx.org/en/docs/http/ngx_http_proxy_module.html",
    "https://nginx.org/en/docs/http/ngx_http_ssl_module.html",
    "https://nginx.org/en/docs/http/ngx_http_core_module.html",
    "https://nginx.org/en/docs/http/ngx_http_v2_module.html",
    "https://packages.debian.org/search?keywords=nginx",
)
