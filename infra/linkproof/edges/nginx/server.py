"""nginx's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.nginx import facts
from linkproof.servers.template import filled

FACTS = facts
_FOLDER = Path(__file__).parent


def render(server: Server) -> Rendered:
    """`nginx.conf`, whole, and what it includes, for who has one of his own."""
    has_directive = server.version >= facts.HTTP2_DIRECTIVE
    return Rendered(
        {
            "nginx.conf": filled(_FOLDER, "nginx.conf.jinja", server),
            "linkproof.conf": filled(_FOLDER, "linkproof.conf.jinja", server, http2_directive=has_directive),
        },
        check=f"nginx -t -c {server.folder}/nginx.conf",
        reload="systemctl reload nginx",
        notes=(
            f"the tool that gets certificates puts the CA's answers below its webroot (`certbot --webroot -w {server.challenge}`)",
            "`linkproof.conf` alone fits a server that has an nginx.conf of its own: there no other `default_server` may be on these ports",
        ),
    )
