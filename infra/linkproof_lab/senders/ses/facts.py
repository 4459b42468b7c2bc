"""Where it is and whose it is."""

from __future__ import annotations

from typing import Final

from linkproof_lab.service import Facts

# The regions that the lab plays, each with a tracking server of its own.
REGIONS: Final = {"us-east-1": (122, 1), "eu-west-1": (122, 2), "ap-northeast-1": (122, 3)}
FACTS = Facts(title="Amazon SES", vendor="aws", package="aws", origins=tuple(REGIONS.values()))
