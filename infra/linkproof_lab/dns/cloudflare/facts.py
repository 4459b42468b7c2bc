"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="Cloudflare",
    vendor="cloudflare",
    package="cloudflare",
    servers=(NameServer("ada.ns.cloudflare.lab", (4, 1), ipv6=True), NameServer("bob.ns.cloudflare.lab", (4, 2))),
)
