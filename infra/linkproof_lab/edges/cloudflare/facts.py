"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="Cloudflare", vendor="cloudflare", package="cloudflare", edges=((111, 1), (111, 2)))
