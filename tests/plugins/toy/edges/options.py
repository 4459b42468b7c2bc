"""The keys of `edges.<key>` with `provider: toy`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """A toy edge for each link."""

    provider: Literal["toy"]
