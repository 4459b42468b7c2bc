"""An edge on loopback that answers by path, and keeps what it was asked."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.verify.edges import answer, signed
from tests.verify.world import EDGE_ADDRESS, World

Handler = Callable[[str], bytes]


class Routes:
    """Serves `handle(path with query) -> whole answer` over HTTP and HTTPS.

    Args:
        context: of TLS; None to serve plain HTTP alone.
        signs: the edge that answers; None for a server that is none.
    """

    def __init__(
        self, world: World, context, handle: Handler, *, address: str = EDGE_ADDRESS, signs: str | None = "cloudfront"
    ) -> None:
        self._signs = signs
        self.paths: list[str] = []
        self._handle = handle
        if context is not None:
            world.loop.serve_stream(self._serve, address, world.https_port, context)
        world.loop.serve_stream(self._serve, address, world.http_port)

    async def _serve(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode("ascii")
            self.paths.append(path)
            writer.write(signed(self._handle(path), self._signs))
            await writer.drain()
        except (EOFError, OSError):
            pass
        finally:
            writer.close()


def is_probe(path: str) -> bool:
    """The safe request, whose query nobody sent before."""
    return re.fullmatch(r"/ls/click\?upn=&linkproof=[0-9]{18}", path) is not None


def redirect(location: str, status: int = 302, **headers: str) -> bytes:
    return answer(status, b"", Location=location, **headers)
