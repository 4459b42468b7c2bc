"""What `edge.py` and `origin.py` in a service's folder are given, and what they give."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Protocol

from aiohttp import web

from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web.clicks import ClickLog
from linkproof_lab.web.faults import EdgeFaults
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import Origins
from linkproof_lab.web.watch import Generation


class WebHost(Protocol):
    """Answers at all addresses of one service, plain and over TLS."""

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        """What is shown in the handshake to a client that asks for this name."""

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse: ...


@dataclass(frozen=True, slots=True)
class EdgeContext:
    """What an edge is made of.

    Args:
        generation: tells cheaply whether the store has changed.
        origins: the way to what is behind the edge.
        faults: those that tests have ordered.
    """

    settings: LabSettings
    store: Store
    generation: Generation
    origins: Origins
    faults: EdgeFaults


@dataclass(frozen=True, slots=True)
class OriginContext:
    """What a sender's servers are made of."""

    settings: LabSettings
    store: Store
    clicks: ClickLog
