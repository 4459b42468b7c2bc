"""A page from the network: bounded, and led nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import threading

import pytest
from linkproof.karte import fetch
from linkproof.karte.fetch import UnreadablePageError, read_page


@contextlib.contextmanager
def server(answers):
    """An HTTP server on loopback; `answers` from path to octets, `{port}` in them is its own."""
    ready, loop = threading.Event(), asyncio.new_event_loop()
    found = {}

    async def handle(reader, writer):
        request = await reader.readuntil(b"\r\n\r\n")
        octets = answers[request.split(b" ")[1].decode()]
        with contextlib.suppress(OSError):
            writer.write(octets.replace(b"{port}", str(found["port"]).encode()))
            await writer.drain()
        writer.close()

    async def main():
        serving = await asyncio.start_server(handle, "127.0.0.1", 0)
        found["port"], found["stop"] = serving.sockets[0].getsockname()[1], asyncio.Event()
        ready.set()
        async with serving:
            await found["stop"].wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
    thread.start()
    ready.wait(20)
    try:
        yield f"http://127.0.0.1:{found['port']}"
    finally:
        loop.call_soon_threadsafe(found["stop"].set)
        thread.join(20)
        loop.close()


def page(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        *(f"{key}: {value}" for key, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_page_and_one_behind_a_redirect(tmp_path):
    with server({"/a?b=1": page(b"hello"), "/r": page(b"", "302 Found", Location="/a?b=1")}) as base:
        assert read_page(f"{base}/a?b=1") == "hello"
        assert read_page(f"{base}/r") == "hello"
    file = tmp_path / "page.html"
    file.write_bytes(b"\xffhello")
    assert read_page(str(file)) == "\ufffdhello"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (page(b"", "404 Not Found"), "answered 404"),
        (page(b"", "302 Found", Location="/x"), "more than 5 redirects"),
        (page(b"", "302 Found", Location="file:///etc/passwd"), "away from HTTP"),
        (b"SSH-2.0-x\r\n\r\n", "no HTTP/1 status line"),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"a" * (fetch.MOST_OCTETS + 10), "more than 2000000 octets"),
    ],
    ids=["missing", "loop", "file", "no-http", "endless"],
)
def test_what_is_no_page(answer, says):
    with server({"/x": answer}) as base, pytest.raises(UnreadablePageError, match=says):
        read_page(f"{base}/x")


def test_nothing_listens_and_no_url():
    for url in ("http://127.0.0.1:1/", "http://127.0.0.1:99999/", "http://127.0.0.1/a b"):
        with pytest.raises(UnreadablePageError):
            read_page(url)
