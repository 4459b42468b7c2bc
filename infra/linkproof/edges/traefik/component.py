"""What the engine's state holds of it is every such server's."""

from __future__ import annotations

from linkproof.servers.component import build

__all__ = ["build"]
