"""The keys of `edges.<key>` with `provider: gcp`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """One load balancer for all links of an account, and a certificate for each link."""

    provider: Literal["gcp"]
