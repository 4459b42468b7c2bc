"""The leg from an edge to its origin: one connection, one request, one answer."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io
import ipaddress
import ssl
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import cast

from linkproof_lab.settings import LabSettings
from linkproof_lab.web.contexts import limit_versions
from linkproof_lab.web.errors import (
    OriginAnswerError,
    OriginCertificateError,
    OriginRefusedError,
    OriginTimeoutError,
    OriginTlsError,
)
from linkproof_lab.web.names import covers
from linkproof_lab.web.resolve import Resolve

_CONNECT_SECONDS = 4.0
_ANSWER_SECONDS = 10.0
_MOST_ANSWER_BYTES = 8 * 1024 * 1024
# Meaningful for one connection only (RFC 9110 §7.6.1), so never passed on.
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "proxy-authenticate",
    }
)


@dataclass(frozen=True, slots=True)
class OriginTls:
    """How the origin's certificate is judged.

    Args:
        server_name: sent as SNI.
        accepted_names: the certificate must be trusted and cover one of these; empty: anything is accepted.
        minimum: the oldest TLS version that is offered.
        maximum: the newest one.
    """

    server_name: str
    accepted_names: tuple[str, ...]
    minimum: ssl.TLSVersion = ssl.TLSVersion.TLSv1_2
    maximum: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED


@dataclass(frozen=True, slots=True)
class OriginRequest:
    """What the origin is asked.

    Args:
        origin: host name or address to connect to.
        port: as configured; 80 and 443 stand for the lab's ports.
        tls: None for plain HTTP.
        host: the Host header.
        path: as the client sent it, percent-encoding untouched.
        query: without the question mark; None when there is none, empty for a bare question mark.
        headers: all but Host, Connection and Content-Length.
    """

    method: str
    origin: str
    port: int
    tls: OriginTls | None
    host: str
    path: str
    query: str | None
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    @property
    def target(self) -> str:
        return self.path if self.query is None else f"{self.path}?{self.query}"


@dataclass(frozen=True, slots=True)
class OriginAnswer:
    """What it answered; hop-by-hop headers are gone and the body is complete."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name), None)


class Origins:
    """Asks origins, with the lab's resolver, ports and public authority."""

    def __init__(self, settings: LabSettings, resolve: Resolve) -> None:
        self._settings = settings
        self._resolve = resolve

    async def resolve(self, host: str) -> list[str]:
        """An origin's addresses; an address literal is its own answer.

        Raises:
            OriginNameError: the name has none.
        """
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return await self._resolve(host)

    async def ask(self, request: OriginRequest) -> OriginAnswer:
        """Resolve, connect, judge the certificate, and only then send the request.

        Raises:
            OriginError: the subclass says at which of these steps it ended.
        """
        addresses = await self.resolve(request.origin)
        try:
            reader, writer = await asyncio.wait_for(self._connect(request, addresses), _CONNECT_SECONDS)
        except TimeoutError as error:
            raise OriginTimeoutError(request.origin, f"no connection within {_CONNECT_SECONDS:g} s") from error
        try:
            if request.tls is not None:
                _judge(request.origin, request.tls, writer)
            writer.write(_encode(request))
            raw = await asyncio.wait_for(_read_all(request.origin, reader), _ANSWER_SECONDS)
        except TimeoutError as error:
            raise OriginTimeoutError(request.origin, f"no answer within {_ANSWER_SECONDS:g} s") from error
        except OSError as error:
            raise OriginAnswerError(request.origin, str(error)) from error
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(writer.wait_closed(), 1.0)
        return _decode(request, raw)

    async def _connect(
        self, request: OriginRequest, addresses: list[str]
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        port = {80: self._settings.http_port, 443: self._settings.https_port}.get(request.port, request.port)
        tls = request.tls
        context = (
            _client_context(self._settings.ca_file, bool(tls.accepted_names), tls.minimum, tls.maximum) if tls else None
        )
        refused: OSError | None = None
        for address in addresses:
            try:
                return await asyncio.open_connection(
                    address, port, ssl=context, server_hostname=tls.server_name if tls else None
                )
            except ssl.SSLCertVerificationError as error:
                raise OriginCertificateError(request.origin, error.verify_message) from error
            except ssl.SSLError as error:
                raise OriginTlsError(request.origin, str(error)) from error
            except ConnectionResetError as error:
                # Accepted and then closed: during a handshake that is a failed handshake.
                if tls:
                    raise OriginTlsError(request.origin, "closed during the handshake") from error
                refused = error
            except OSError as error:
                refused = error
        raise OriginRefusedError(request.origin, str(refused))


@lru_cache(maxsize=64)
def _client_context(ca_file: Path, judged: bool, minimum: ssl.TLSVersion, maximum: ssl.TLSVersion) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Which names are accepted is the edge's own rule, and not only the SNI; see `_judge`.
    context.check_hostname = False
    if judged:
        context.load_verify_locations(ca_file)
    else:
        context.verify_mode = ssl.CERT_NONE
    limit_versions(context, minimum, maximum)
    context.set_alpn_protocols(["http/1.1"])
    return context


def _judge(origin: str, tls: OriginTls, writer: asyncio.StreamWriter) -> None:
    if not tls.accepted_names:
        return
    certificate = writer.get_extra_info("peercert") or {}
    names = [value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"]
    if not any(covers(names, accepted) for accepted in tls.accepted_names):
        shown, wanted = ", ".join(names), " or ".join(dict.fromkeys(tls.accepted_names))
        raise OriginCertificateError(origin, f"certificate for {shown}, expected {wanted}")


def _encode(request: OriginRequest) -> bytes:
    lines = [f"{request.method} {request.target} HTTP/1.1", f"Host: {request.host}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        lines.append(f"Content-Length: {len(request.body)}")
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + request.body


async def _read_all(origin: str, reader: asyncio.StreamReader) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := await reader.read(65536):
        size += len(part)
        if size > _MOST_ANSWER_BYTES:
            raise OriginAnswerError(origin, f"more than {_MOST_ANSWER_BYTES} octets")
        parts.append(part)
    return b"".join(parts)


class _Recorded:
    """The part of a socket that http.client reads an answer from."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw

    def makefile(self, mode: str) -> io.BytesIO:
        return io.BytesIO(self._raw)


def _decode(request: OriginRequest, raw: bytes) -> OriginAnswer:
    response = http.client.HTTPResponse(cast("ssl.SSLSocket", _Recorded(raw)), method=request.method)
    try:
        response.begin()
        body = response.read()
    except (http.client.HTTPException, ValueError, OSError) as error:
        raise OriginAnswerError(request.origin, f"{type(error).__name__}: {error}") from error
    headers = tuple((name, _as_sent(value)) for name, value in response.getheaders() if name.lower() not in HOP_BY_HOP)
    return OriginAnswer(response.status, response.reason, headers, body)


def _as_sent(value: str) -> str:
    """http.client reads octets as Latin-1 and aiohttp writes UTF-8: a Location in raw UTF-8 must come out as it went in."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
