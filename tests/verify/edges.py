"""Edges and origins on loopback that answer a request as a test says, and keep what they were asked."""

from __future__ import annotations

from tests.verify.world import EDGE_ADDRESS, World

WRONG_LINK = b"<html><title>Wrong Link</title>You have clicked on an invalid link.</html>"
BAD_HOSTNAME = b"<html>Bad Hostname in Link</html>"


def answer(status: int = 404, body: bytes = WRONG_LINK, **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status} X",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Edge:
    """One address; `http` and `https` are the whole answers in octets."""

    def __init__(
        self,
        world: World,
        context=None,
        *,
        http: bytes | None = None,
        https: bytes | None = None,
        address: str = EDGE_ADDRESS,
    ) -> None:
        self.requests: list[bytes] = []
        if context is not None:
            world.loop.serve_stream(
                self._handler(https if https is not None else answer()), address, world.https_port, context
            )
        if http is not None:
            world.loop.serve_stream(self._handler(http), address, world.http_port)

    def _handler(self, octets: bytes):
        async def handle(reader, writer):
            try:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(octets)
                await writer.drain()
            except (EOFError, OSError):
                pass
            finally:
                writer.close()

        return handle


def endpoint(**changes):
    return {
        "id": "link/edge",
        "path": "links.link",
        "host": "url.example.test",
        "edge": "cloudfront",
        "sender": "sendgrid",
        **changes,
    }
