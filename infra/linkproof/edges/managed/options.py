"""The keys of `edges.<key>` with `provider: managed`. `edge: managed` says the same without an entry."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import EdgeOptions


class Options(EdgeOptions):
    """The sender terminates HTTPS."""

    provider: Literal["managed"]
