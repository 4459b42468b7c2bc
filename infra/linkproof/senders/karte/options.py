"""The keys of `tracking_hosts.<key>` with `provider: karte`, beside its host and TTL."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import Form


class Options(Form):
    """A KARTE host."""

    provider: Literal["karte"]
