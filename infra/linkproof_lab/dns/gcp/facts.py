"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="Google Cloud DNS",
    vendor="gcp",
    package="gcp",
    servers=tuple(NameServer(f"ns-cloud-a{n}.googledomains.lab", (61, n)) for n in (1, 2, 3, 4)),
)
