"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts, NameServer

FACTS = Facts(
    title="a primary with dynamic updates",
    api=(100, 7),
    servers=(NameServer("ns1.updated-dns.lab", (6, 1)), NameServer("ns2.updated-dns.lab", (6, 2))),
)
# The key that the lab's primary knows. It opens nothing but a lab.
KEY_NAME = "linkproof."
KEY_ALGORITHM = "hmac-sha256"
KEY_SECRET = "bGFiLWtleS10aGF0LW9wZW5zLW5vdGhpbmctYnV0LWEtbGFi"  # noqa: S105
