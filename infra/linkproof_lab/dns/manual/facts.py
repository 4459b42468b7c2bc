"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="a DNS host without an API",
    servers=(NameServer("ns1.manual-dns.lab", (5, 1)), NameServer("ns2.manual-dns.lab", (5, 2))),
)
