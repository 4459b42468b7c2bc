"""HAProxy's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.haproxy import facts
from linkproof.servers.template import divided, filled

FACTS = facts
_FOLDER = Path(__file__).parent


def render(server: Server) -> Rendered:
    """`haproxy.cfg`, the map from click hosts to origins, the list of certificates, and a hook for the tool that renews them."""
    numbers = {origin: f"origin{number}" for number, origin in enumerate(server.origins, start=1)}
    links = "".join(f"{site.host} {numbers[site.origin]}\n" for site in server.sites)
    certificates = "".join(f"{site.certificate} {site.host}\n" for site in server.sites)
    return Rendered(
        {
            "haproxy.cfg": filled(_FOLDER, "haproxy.cfg.jinja", server, numbers=numbers, divided=divided),
            "linkproof.map": links,
            "linkproof-certificates.txt": certificates,
            "linkproof-deploy-hook.sh": filled(_FOLDER, "deploy-hook.sh.jinja", server),
        },
        check=f"haproxy -c -f {server.folder}/haproxy.cfg",
        reload="systemctl reload haproxy",
        notes=(
            "each file of a certificate has its chain and its key in it: let certbot run linkproof-deploy-hook.sh as its `--deploy-hook`",
            f"the tool that gets certificates answers the CA at {server.challenge} (`certbot --standalone --http-01-port {divided(server.challenge)[1]}`)",
        ),
    )
