"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="Toy DNS",
    package="toy",
    api=(100, 202),
    servers=(NameServer("ns1.toy-dns.lab", (203, 1)), NameServer("ns2.toy-dns.lab", (203, 2))),
)
