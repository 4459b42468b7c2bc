"""The one process of the lab: DNS, the services' APIs, edges, origins and the control API."""

from __future__ import annotations

from linkproof_lab.server.run import run

__all__ = ["run"]
