"""Answers each edge's host, and forwards to its origin over plain HTTP with the host kept. Nothing is cached."""

from __future__ import annotations

import ssl
from typing import Any

from aiohttp import web
from linkproof_lab.edges.toy.api import KIND
from linkproof_lab.web.contexts import server_context
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.errors import OriginError
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.listener import Connection, Refusal
from linkproof_lab.web.origin import OriginAnswer, OriginRequest
from linkproof_lab.web.viewer import Exchange, Viewer, read_viewer, respond
from linkproof_lab.web.watch import Watched


def edge(context: EdgeContext) -> WebHost:
    return ToyEdge(context)


class ToyEdge:
    def __init__(self, context: EdgeContext) -> None:
        self._context = context
        self._by_host: Watched[dict[str, dict[str, Any]]] = Watched(
            context.generation, lambda: {doc["host"]: doc for _, doc in context.store.all(KIND)}
        )

    def choose_context(self, server_name: str | None) -> ssl.SSLContext | Refusal:
        host = server_name or ""
        if self._context.faults.closes("https", host):
            return Refusal.CLOSE
        regular = None
        if host in self._by_host.get():
            regular = kept_identity(self._context.settings, self._context.store, f"toy/{host}", [host])
        identity = self._context.faults.identity(host, regular)
        return server_context(identity) if identity else Refusal.ALERT

    async def handle(self, request: web.BaseRequest, connection: Connection) -> web.StreamResponse:
        viewer = await read_viewer(request, connection)
        doc = self._by_host.get().get(viewer.host)
        answer = await self._forward(viewer, doc) if doc else _own(404, "this edge has no such host")
        return respond(answer, method=viewer.method, add=[("x-toy-id", doc["id"] if doc else "none")])

    async def _forward(self, viewer: Viewer, doc: dict[str, Any]) -> OriginAnswer:
        status = await self._context.faults.status(viewer.host)
        if status is not None:
            return _own(status, "this edge was told to fail")
        asked = OriginRequest(
            method=viewer.method,
            origin=doc["origin"],
            port=80,
            tls=None,
            host=viewer.host,
            path=viewer.path,
            query=viewer.query,
            headers=(*viewer.end_to_end_headers(), ("X-Forwarded-For", viewer.address)),
            body=viewer.body,
        )
        try:
            return await self._context.origins.ask(
                self._context.faults.exchange(viewer.host, Exchange(asked, None)).request
            )
        except OriginError as error:
            return _own(502, str(error))


def _own(status: int, text: str) -> OriginAnswer:
    return OriginAnswer(
        status, "Toy", (("Server", "toy"), ("Content-Type", "text/plain")), f"toy edge: {text}\n".encode()
    )
