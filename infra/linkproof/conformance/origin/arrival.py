"""How a connection begins: an optional PROXY header, then TLS or plain HTTP on the same port."""

from __future__ import annotations

import asyncio
import socket

_TLS_HANDSHAKE = 0x16
_PROXY_1 = b"PROXY "
_PROXY_2 = b"\r\n\r\n\x00\r\nQUIT\n"
_MOST_PROXY_OCTETS = 536


async def begin(sock: socket.socket) -> tuple[bool, str]:
    """Take a PROXY header off the socket, and say whether TLS follows.

    Returns:
        whether it is TLS, and the PROXY header as text (version 2 in hexadecimal); empty without one.

    Raises:
        EOFError: the client closed before it had said anything.
    """
    first = await _peek(sock, 16)
    proxy = ""
    if first.startswith((_PROXY_1, _PROXY_2[:6])):
        proxy = await _take_proxy(sock)
        first = await _peek(sock, 1)
    return first[0] == _TLS_HANDSHAKE, proxy


async def _take_proxy(sock: socket.socket) -> str:
    while True:
        seen = await _peek(sock, _MOST_PROXY_OCTETS)
        if seen.startswith(_PROXY_1) and b"\r\n" in seen:
            return sock.recv(seen.index(b"\r\n") + 2).decode("latin-1").rstrip()
        if seen.startswith(_PROXY_2) and len(seen) >= 16:
            length = 16 + int.from_bytes(seen[14:16], "big")
            if len(seen) >= length:
                return sock.recv(length).hex()
        if len(seen) >= _MOST_PROXY_OCTETS:
            raise EOFError("a PROXY header without end")
        await asyncio.sleep(0.005)  # what is there stays readable: wait for the rest of it


async def _peek(sock: socket.socket, octets: int) -> bytes:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(sock, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(sock)
    seen = sock.recv(octets, socket.MSG_PEEK)
    if not seen:
        raise EOFError("closed before it said anything")
    return seen
