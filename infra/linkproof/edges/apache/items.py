"""What the engine's state holds of a server that runs Apache."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.servers.items import ServerHost


@dataclass(frozen=True, slots=True)
class ApacheHost(ServerHost):
    """One click host in its configuration."""
