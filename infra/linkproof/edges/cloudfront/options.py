"""The keys of `edges.<key>` with `provider: cloudfront`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """A distribution and a certificate for each link."""

    provider: Literal["cloudfront"]
