"""The keys of `edges.<key>` with `provider: envoy`."""

from __future__ import annotations

from typing import Literal

from linkproof.servers.options import ServerOptions


class Options(ServerOptions):
    """A server of one's own that runs Envoy."""

    provider: Literal["envoy"]
