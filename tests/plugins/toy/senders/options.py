"""The keys of `senders.<key>` with `provider: toy`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import SenderOptions


class Options(SenderOptions):
    """An account at the toy sender."""

    provider: Literal["toy"]
