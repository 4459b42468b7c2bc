"""What the engine's state holds of a server that runs HAProxy."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.servers.items import ServerHost


@dataclass(frozen=True, slots=True)
class HaproxyHost(ServerHost):
    """One click host in its configuration."""
