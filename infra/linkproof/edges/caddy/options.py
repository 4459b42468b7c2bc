"""The keys of `edges.<key>` with `provider: caddy`."""

from __future__ import annotations

from typing import Literal

from linkproof.servers.options import ServerOptions


class Options(ServerOptions):
    """A server of one's own that runs Caddy."""

    provider: Literal["caddy"]
