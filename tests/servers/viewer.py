"""A viewer that sends exactly the octets it is told to."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SECONDS = 30


@dataclass(frozen=True)
class Answer:
    """One answer, as it came.

    Args:
        headers: names in lower case, in order.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key == name), None)


class Viewer:
    """Asks one server.

    Args:
        http: `ADDRESS:PORT` without TLS; `https` with it.
        trust: PEM file that its certificates are judged by.
    """

    def __init__(self, http: str, https: str, trust: Path) -> None:
        self._http, self._https = _divided(http), _divided(https)
        self._trust = trust

    def get(self, host: str, target: str, **more: object) -> Answer:
        return self.ask("GET", host, target, **more)  # type: ignore[arg-type]

    def ask(
        self,
        method: str,
        host: str,
        target: str,
        *,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        tls: bool = True,
        sni: str | None = None,
        trusting: bool = True,
    ) -> Answer:
        """One request on a connection of its own.

        Args:
            sni: where it is not the host.
            trusting: judges the certificate.

        Raises:
            OSError: no connection, no handshake, or no answer.
        """
        lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers)]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body
        with self.connect(sni or host, tls=tls, trusting=trusting) as connection:
            connection.sendall(request)
            return _answer(connection, method)

    def connect(
        self,
        sni: str,
        *,
        tls: bool = True,
        version: ssl.TLSVersion | None = None,
        alpn: Sequence[str] = (),
        trusting: bool = True,
    ) -> socket.socket:
        """Raises:
        OSError: no connection, or no handshake.
        """
        plain = socket.create_connection(self._https if tls else self._http, timeout=SECONDS)
        if not tls:
            return plain
        context = ssl.create_default_context(cafile=self._trust)
        if not trusting:
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if version is not None:
            context.minimum_version = context.maximum_version = version
        if alpn:
            context.set_alpn_protocols(list(alpn))
        try:
            return context.wrap_socket(plain, server_hostname=sni)
        except OSError:
            plain.close()
            raise


def _answer(connection: socket.socket, method: str) -> Answer:
    data = b""
    while more := _received(connection):
        data += more
    if not data:
        raise ConnectionError("the connection was closed without an answer")
    while data.startswith(b"HTTP/1.1 100"):
        data = data.partition(b"\r\n\r\n")[2]
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = tuple((line.partition(":")[0].lower(), line.partition(":")[2].strip()) for line in lines)
    if dict(headers).get("transfer-encoding") == "chunked" and method != "HEAD":
        body = _joined(body)
    return Answer(int(first.split()[1]), headers, body)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError, ConnectionResetError):
        return b""


def _joined(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, rest = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            break
        whole, body = whole + rest[:length], rest[length + 2 :]
    return whole


def _divided(place: str) -> tuple[str, int]:
    address, _, port = place.rpartition(":")
    return address.strip("[]"), int(port)
