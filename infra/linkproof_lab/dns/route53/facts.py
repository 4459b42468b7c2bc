"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="Route 53",
    vendor="aws",
    package="aws",
    servers=tuple(NameServer(f"ns-{n}.awsdns.lab", (3, n)) for n in (1, 2, 3, 4)),
)
