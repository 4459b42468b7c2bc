"""Envoy on one's own server: versions, and where Debian keeps things, each with its source. What was tried is in `tests/servers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from linkproof.contract.server import Refused, Version

NAME = "Envoy"
PROGRAM = "envoy"
VENDOR = None
PHASES = ("branded", "ready", "live", "secured")
# The entry says which authorities sign for it.
CAS: tuple[str, ...] = ()
FAMILIES = (4, 6)
HAS_ACCOUNT = False
NEEDS_NO_ENTRY = False

# No distribution here packages it.
PACKAGED: Mapping[str, str] = {"newest": "1.40.0"}
OLDEST: Version = (1, 40)
REFUSED: Sequence[Refused] = ()

FOLDER = "/etc/envoy"
LOG = "/var/log/envoy/linkproof.log"
USER = "envoy"
# It serves no files: a tool answers the CA at a port of its own (`certbot --http-01-port 8402`).
CHALLENGE = "127.0.0.1:8402"
KEY_IN_CERTIFICATE = False
CERTIFICATE = "/etc/letsencrypt/live/{host}/fullchain.pem"
KEY = "/etc/letsencrypt/live/{host}/privkey.pem"
NEEDS_RESOLVERS = False
SETTINGS: Sequence[tuple[str, str]] = (("changes", "raw UTF-8 in a link, or a `#`, is 400"),)

SOURCES = (
    "https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/extensions/filters/network/http_connection_manager/v3/http_connection_manager.proto",
    "https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/config/cluster/v3/cluster.proto",
    "https://www.envoyproxy.io/docs/envoy/v1.40.0/api-v3/extensions/transport_sockets/tls/v3/common.proto",
)
