"""What a client asked an edge, and what the edge gives back, apart from aiohttp's own types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from multidict import CIMultiDict

from linkproof_lab.web.cache import CacheRule
from linkproof_lab.web.listener import Connection
from linkproof_lab.web.names import without_port
from linkproof_lab.web.origin import HOP_BY_HOP, OriginAnswer, OriginRequest

_MOST_BODY_BYTES = 1024 * 1024


class BodyTooLongError(Exception):
    """The client sends more than an edge of the lab takes."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """One request as it reached an edge.

    Args:
        connection: scheme and SNI.
        authority: the Host header as sent; empty when there was none.
        path: percent-encoding untouched.
        query: without the question mark; None when there is none.
        headers: all of them but Host, in order, names as sent.
        address: of the client.
    """

    connection: Connection
    method: str
    authority: str
    path: str
    query: str | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    address: str

    @property
    def host(self) -> str:
        """Without the port: the lab's ports stand for 80 and 443, which are not written."""
        return without_port(self.authority)

    @property
    def scheme(self) -> str:
        return self.connection.scheme

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name]

    def end_to_end_headers(self) -> list[tuple[str, str]]:
        """Without those that concern this connection only, and without the length, which is written anew."""
        named = {part.strip().lower() for value in self.values("connection") for part in value.split(",")}
        dropped = HOP_BY_HOP | named | {"content-length", "expect"}
        return [(name, value) for name, value in self.headers if name.lower() not in dropped]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What an edge is about to do for a request: ask the origin this, and cache it so (None: not at all)."""

    request: OriginRequest
    cache: CacheRule | None


async def read_viewer(request: web.BaseRequest, connection: Connection) -> Viewer:
    """Read a request with its body.

    Raises:
        BodyTooLongError: over 1 MiB.
    """
    target = request.raw_path
    if "://" in target.partition("?")[0]:  # absolute form (RFC 9112 §3.2.2)
        parts = urlsplit(target)
        target = (parts.path or "/") + (f"?{parts.query}" if "?" in target else "")
    path, mark, query = target.partition("#")[0].partition("?")
    headers = tuple((name, value) for name, value in request.headers.items() if name.lower() != "host")
    body = b""
    if request.body_exists:
        async for chunk in request.content.iter_chunked(65536):
            body += chunk
            if len(body) > _MOST_BODY_BYTES:
                raise BodyTooLongError
    return Viewer(
        connection=connection,
        method=request.method,
        authority=request.headers.get("Host", ""),
        path=path or "/",
        query=query if mark else None,
        headers=headers,
        body=body,
        address=request.remote or "",
    )


def respond(
    answer: OriginAnswer, *, method: str, add: Iterable[tuple[str, str]], drop: Iterable[str] = ()
) -> web.Response:
    """The answer as a response, with headers added in place of those of the same name."""
    added = list(add)
    dropped = {name.lower() for name, _ in added} | {name.lower() for name in drop}
    if method != "HEAD":
        dropped.add("content-length")
    headers: CIMultiDict[str] = CIMultiDict((key, value) for key, value in answer.headers if key.lower() not in dropped)
    headers.extend(added)
    return web.Response(status=answer.status, reason=answer.reason, headers=headers, body=answer.body)
