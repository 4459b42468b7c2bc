"""Apache's configuration."""

from __future__ import annotations

from pathlib import Path

from linkproof.contract.server import Rendered, Server
from linkproof.edges.apache import facts
from linkproof.servers.template import filled

FACTS = facts
_FOLDER = Path(__file__).parent
_MODULES = "ssl socache_shmcb proxy proxy_http headers alias http2 log_config"


def render(server: Server) -> Rendered:
    """`linkproof.conf`, a site of Debian's; what is around it is Debian's own."""
    places = (*server.http, *server.https, server.inner)
    return Rendered(
        {"linkproof.conf": filled(_FOLDER, "linkproof.conf.jinja", server, places=places)},
        check="apache2ctl configtest",
        reload="systemctl reload apache2",
        notes=(
            f"once: `a2enmod {_MODULES}`, `a2dismod deflate`, `a2dissite 000-default`, `a2ensite linkproof`, and no `Listen` in ports.conf",
            f"the tool that gets certificates puts the CA's answers below its webroot (`certbot --webroot -w {server.challenge}`)",
        ),
    )
