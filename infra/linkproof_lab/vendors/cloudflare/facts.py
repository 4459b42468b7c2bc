"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Cloudflare", package="cloudflare", api=(100, 2))

# The token that the lab's Cloudflare knows from the start. It opens nothing but a lab.
CLOUDFLARE_TOKEN = "lab-cloudflare-token-that-opens-nothing-but-a-lab"  # noqa: S105
