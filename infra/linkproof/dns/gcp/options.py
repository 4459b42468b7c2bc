"""The keys of `zones.<name>` with `dns: gcp`."""

from __future__ import annotations

from typing import Literal

from linkproof.contract.options import ZoneOptions


class Options(ZoneOptions):
    """A managed zone of Google Cloud DNS."""

    dns: Literal["gcp"]
