"""Caddy's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.caddy import facts
from linkproof.servers.template import divided, filled

FACTS = facts
_FOLDER = Path(__file__).parent


def render(server: Server) -> Rendered:
    """The `Caddyfile`, whole."""
    ports = {"http": divided(server.http[0])[1], "https": divided(server.https[0])[1]}
    return Rendered(
        {"Caddyfile": filled(_FOLDER, "Caddyfile.jinja", server, ports=ports, divided=divided)},
        check=f"caddy validate --config {server.folder}/Caddyfile",
        reload="systemctl reload caddy",
        notes=(
            f"the tool that gets certificates puts the CA's answers below its webroot (`certbot --webroot -w {server.challenge}`)",
            f"Caddy runs as {server.user}, who must be able to read the keys; `caddy reload --force` takes renewed ones",
        ),
    )
