"""What the engine's state holds of a server that runs Envoy."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.servers.items import ServerHost


@dataclass(frozen=True, slots=True)
class EnvoyHost(ServerHost):
    """One click host in its configuration."""
