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
FACTS = Facts(title="SparkPost", origins=tuple(octets for _, octets in ENDPOINTS.values()))
