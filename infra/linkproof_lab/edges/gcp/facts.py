"""Where it is and whose it is. Each load balancer has an address of its own, so there are several."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(
    title="Google Cloud load balancer", vendor="gcp", package="gcp", edges=tuple((161, n) for n in range(1, 9))
)
