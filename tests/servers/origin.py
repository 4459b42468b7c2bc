"""An origin that writes down every byte of a request, and answers, or fails, as it is told."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

LOCATION = "https://shop.example/landing?a=1;b=2&c=%2e"
KEPT_OPEN = f'HTTP/1.1 302 Found\r\nLocation: {LOCATION}\r\nContent-Length: 2\r\nETag: "abc"\r\n\r\nok'.encode()


@dataclass(frozen=True)
class Request:
    """One request as it came.

    Args:
        target: second word of its first line, as it was written.
        headers: names in lower case, in order.
        sni: of its connection; None without.
        tls: version of its connection.
        connection: counts the connections of this origin.
    """

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sni: str | None
    tls: str
    connection: int
    raw: bytes = field(repr=False, default=b"")

    def header(self, name: str) -> str | None:
        """Its value; None where it was not sent, and an error where it was sent twice."""
        found = [value for key, value in self.headers if key == name]
        assert len(found) < 2, f"{name} was sent {len(found)} times"
        return found[0] if found else None


Answer = Callable[[Request], bytes | None]
"""From a request to the octets of the answer; None closes the connection without one."""


class Origin:
    """Takes TLS at one address.

    Args:
        certificate: file with the chain; `key` with its key.
        answer: may be changed at any time.
    """

    def __init__(self, address: str, port: int, certificate: Path, key: Path) -> None:
        self.requests: list[Request] = []
        self.refused: list[str] = []
        self.answer: Answer = lambda request: KEPT_OPEN
        self.address = address
        self.connections = 0
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._context.sni_callback = self._named
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(64)
        self._closing = False
        self._sni: dict[int, str | None] = {}
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._closing = True
        # A thread in `accept` is not woken by `close` alone.
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=10)

    def _named(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        self._sni[id(connection)] = name

    def _serve(self) -> None:
        while not self._closing:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._talk, args=(plain, self.connections), daemon=True).start()

    def _talk(self, plain: socket.socket, number: int) -> None:
        plain.settimeout(30)
        try:
            connection = self._context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
            connection.do_handshake()
        except OSError as error:
            self.refused.append(str(error))
            plain.close()
            return
        sni = self._sni.pop(id(connection), None)
        with connection:
            buffer = b""
            while True:
                try:
                    request, buffer = self._read(connection, buffer, sni, number)
                    if request is None:
                        return
                    self.requests.append(request)
                    answer = self.answer(request)
                    if answer is None:
                        return
                    if request.method == "HEAD":
                        answer = answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                    connection.sendall(answer)
                    if request.version == "HTTP/1.0" or request.header("connection") == "close":
                        return
                except OSError:
                    return

    @staticmethod
    def _read(connection: ssl.SSLSocket, buffer: bytes, sni: str | None, number: int) -> tuple[Request | None, bytes]:
        while b"\r\n\r\n" not in buffer:
            more = connection.recv(65536)
            if not more:
                return None, b""
            buffer += more
        head, _, rest = buffer.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, version = (
            first.split(" ", 1)[0],
            first.split(" ", 1)[1].rpartition(" ")[0],
            first.rpartition(" ")[2],
        )
        headers = tuple((line.partition(":")[0].lower(), line.partition(":")[2].strip()) for line in lines)
        length = int(dict(headers).get("content-length", "0"))
        while len(rest) < length:
            more = connection.recv(65536)
            if not more:
                return None, b""
            rest += more
        request = Request(
            method, target, version, headers, rest[:length], sni, connection.version() or "", number, head
        )
        return request, rest[length:]
