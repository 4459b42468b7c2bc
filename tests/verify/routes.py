"""An edge on loopback that answers by path, and keeps what it was asked."""

from __future__ import annotations

from collections.abc import Callable

from tests.verify.edges import answer
from tests.verify.world import EDGE_ADDRESS, World

Handler = Callable[[str], bytes]


class Routes:
    """Serves `handle(path with query) -> whole answer` over HTTP and HTTPS.

    Args:
        context: of TLS; None to serve plain HTTP alone.
    """

    def __init__(self, world: World, context, handle: Handler, *, address: str = EDGE_ADDRESS) -> None:
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
            writer.write(self._handle(path))
            await writer.drain()
        except (EOFError, OSError):
            pass
        finally:
            writer.close()


def redirect(location: str, status: int = 302, **headers: str) -> bytes:
    return answer(status, b"", Location=location, **headers)
