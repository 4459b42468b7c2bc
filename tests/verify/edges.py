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


# What each edge adds to whatever it answers.
SIGNS = {
    "cloudfront": "X-Amz-Cf-Id: x",
    "cloudflare": "CF-Ray: x",
    "azure": "X-Azure-Ref: x",
    "gcp": "Via: 1.1 google",
    "fastly": "X-Served-By: cache-x",
    "keycdn": "Server: keycdn-engine",
}


def signed(octets: bytes, edge: str | None) -> bytes:
    """The answer as it passes through an edge, which adds its own header; what is no HTTP stays as it is."""
    first, end, rest = octets.partition(b"\r\n")
    if edge not in SIGNS or not first.startswith(b"HTTP/1.1 ") or not end:
        return octets
    return first + end + SIGNS[edge].encode() + end + rest


class Edge:
    """One address; `http` and `https` are the whole answers in octets.

    Args:
        signs: the edge that answers; None for a server that is none.
    """

    def __init__(
        self,
        world: World,
        context=None,
        *,
        http: bytes | None = None,
        https: bytes | None = None,
        address: str = EDGE_ADDRESS,
        signs: str | None = "cloudfront",
    ) -> None:
        self.requests: list[bytes] = []
        self._signs = signs
        if context is not None:
            world.loop.serve_stream(
                self._handler(https if https is not None else answer()), address, world.https_port, context
            )
        if http is not None:
            world.loop.serve_stream(self._handler(http), address, world.http_port)

    def _handler(self, octets: bytes):
        async def handle(reader, writer):
            try:
                request = await reader.readuntil(b"\r\n\r\n")
                self.requests.append(request)
                # a redirect names what was asked for
                writer.write(signed(octets, self._signs).replace(b"{target}", request.split(b" ", 2)[1]))
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
