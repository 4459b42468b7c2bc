"""Traefik's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.traefik import facts
from linkproof.servers.template import divided, filled

FACTS = facts
_FOLDER = Path(__file__).parent


def render(server: Server) -> Rendered:
    """`traefik.yaml`, whole, and the links in `linkproof.yaml`, which Traefik takes into use as it is written."""
    numbers = {origin.name: f"origin{number}" for number, origin in enumerate(server.origins, start=1)}
    return Rendered(
        {
            "traefik.yaml": filled(_FOLDER, "traefik.yaml.jinja", server),
            "linkproof.yaml": filled(_FOLDER, "linkproof.yaml.jinja", server, numbers=numbers),
        },
        check=f"traefik --configFile={server.folder}/traefik.yaml",
        reload="systemctl restart traefik",
        notes=(
            "Traefik has no word that checks a configuration alone; a fault in linkproof.yaml is in its log, and the links stay as they were",
            "a change of linkproof.yaml, or a renewed certificate after `touch linkproof.yaml`, needs no restart",
            f"the tool that gets certificates answers the CA at {server.challenge} (`certbot --standalone --http-01-port {divided(server.challenge)[1]}`)",
        ),
    )
