"""Where it is and whose it is."""

from __future__ import annotations

from linkproof_lab.service import Facts

FACTS = Facts(title="CloudFront", vendor="aws", package="aws", edges=((110, 1), (110, 2)))
