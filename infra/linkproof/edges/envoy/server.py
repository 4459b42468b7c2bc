"""Envoy's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.envoy import facts
from linkproof.servers.template import divided, filled

FACTS = facts
_FOLDER = Path(__file__).parent


def render(server: Server) -> Rendered:
    """`envoy.yaml`, whole."""
    numbers = {origin.name: f"origin{number}" for number, origin in enumerate(server.origins, start=1)}
    return Rendered(
        {"envoy.yaml": filled(_FOLDER, "envoy.yaml.jinja", server, numbers=numbers, divided=divided)},
        check=f"envoy --mode validate -c {server.folder}/envoy.yaml",
        reload="systemctl restart envoy",
        notes=(
            "Envoy reads certificates when it starts: let the tool that renews them restart it, by Envoy's hot restart where clicks go on",
            f"the tool that gets certificates answers the CA at {server.challenge} (`certbot --standalone --http-01-port {divided(server.challenge)[1]}`)",
        ),
    )
