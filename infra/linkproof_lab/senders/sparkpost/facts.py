"""Where it is and whose it is."""

from __future__ import annotations

from typing import Final

from linkproof_lab.service import Facts

# The tracking endpoints, each with what it is called and where it is; the last is that of one enterprise account.
ENDPOINTS: Final = {
    "us": ("spgo.io", (123, 1)),
    "eu": ("eu.spgo.io", (123, 2)),
    "enterprise": ("lab.et.e.sparkpost.com", (123, 3)),
}
# Where SparkPost has a certificate of the host's own; an enterprise account has none of these.
MANAGED: Final = {"us": ("v2.spgo.io", (123, 4)), "eu": ("eu.v2.spgo.io", (123, 5))}
FACTS = Facts(
    title="SparkPost",
    api=(100, 5),
    origins=tuple(octets for _, octets in (*ENDPOINTS.values(), *MANAGED.values())),
)

# The key that the lab's SparkPost knows from the start, of an account in the US. It opens nothing but a lab.
SPARKPOST_KEY = "lab-sparkpost-key-that-opens-nothing-but-a-lab"
