"""The keys of `zones.<name>` with `dns: rfc2136`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A zone whose primary server takes dynamic updates; the server and its key are the account's."""

    dns: Literal["rfc2136"]
