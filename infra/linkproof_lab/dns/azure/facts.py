"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="Azure DNS",
    vendor="azure",
    package="azure-native",
    servers=tuple(NameServer(f"ns{n}-01.azure-dns.lab", (31, n)) for n in (1, 2, 3, 4)),
)
