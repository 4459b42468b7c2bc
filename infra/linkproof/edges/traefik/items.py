"""What the engine's state holds of a server that runs Traefik."""

from __future__ import annotations

from dataclasses import dataclass

from linkproof.servers.items import ServerHost


@dataclass(frozen=True, slots=True)
class TraefikHost(ServerHost):
    """One click host in its configuration."""
