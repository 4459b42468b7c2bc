"""Where the edge is, and one request to it: the bytes given, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import warnings
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from linkproof.verify.observations.sent import SentRequest
from linkproof.verify.observe import http1
from linkproof.verify.observe.edge.certificates import verifying_context

Scheme = Literal["http", "https"]
MOST_OCTETS = 1024 * 1024


class NoAnswerError(Exception):
    """There was none that could be read; the text says what came instead."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. Header names are in lower case, values hold one character an octet (latin-1)."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def values(self, name: str) -> tuple[str, ...]:
        return tuple(value for key, value in self.headers if key == name)

    def value(self, name: str) -> str:
        """Of the first header of that name; empty without one."""
        return next(iter(self.values(name)), "")


@dataclass(frozen=True)
class Front:
    """The edge as a reader reaches it.

    Args:
        host: the click host: SNI, and the Host header.
        addresses: of the edge, IPv4 first; at least one.
        ca: PEM file of anchors beside the system's.

    Attributes:
        sent: the requests for the host that the edge has answered, so that its counter has them.
    """

    host: str
    addresses: tuple[str, ...]
    http_port: int = 80
    https_port: int = 443
    ca: Path | None = None
    sent: list[SentRequest] = field(default_factory=list, compare=False)

    def counts(self, address: str = "") -> None:
        """A request for the host was answered just now."""
        self.sent.append(SentRequest(self.host, address or self.addresses[0], datetime.now(UTC)))

    @cached_property
    def open_context(self) -> ssl.SSLContext:
        """Takes any certificate: what it is worth is one requirement, and no other's business."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["http/1.1"])
        return context

    def context_of(self, *versions: ssl.TLSVersion) -> ssl.SSLContext:
        """Offers these versions alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version, context.maximum_version = min(versions), max(versions)
        return context

    def judging_context(self) -> ssl.SSLContext:
        """As a browser: demands a path to a trust anchor from what is shown, and the host's name."""
        context = verifying_context(self.ca)
        context.check_hostname = True
        return context

    async def connect(
        self,
        scheme: Scheme = "https",
        *,
        sni: str | None = None,
        context: ssl.SSLContext | None = None,
        address: str = "",
        seconds: float = 10,
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Raises:
        NoAnswerError: no connection, or no handshake.
        """
        tls = (context or self.open_context) if scheme == "https" else None
        port = self.https_port if tls else self.http_port
        name = (self.host if sni is None else sni) if tls else None
        try:
            return await asyncio.wait_for(
                asyncio.open_connection(
                    address or self.addresses[0], port, ssl=tls, server_hostname=name, limit=http1.MAX_HEADER_OCTETS
                ),
                seconds,
            )
        except ssl.SSLCertVerificationError as error:
            raise NoAnswerError(f"the certificate does not hold: {error.verify_message}") from error
        except ssl.SSLError as error:
            raise NoAnswerError(f"no handshake: {error.reason or error}") from error
        except TimeoutError as error:
            raise NoAnswerError(f"no connection within {seconds:g} s") from error
        except OSError as error:
            raise NoAnswerError(f"no connection: {error.strerror or type(error).__name__}") from error

    async def exchange(
        self,
        raw: bytes,
        method: str,
        *,
        scheme: Scheme = "https",
        sni: str | None = None,
        context: ssl.SSLContext | None = None,
        address: str = "",
        seconds: float = 20,
    ) -> Answer:
        """Send these bytes on a connection of their own, and read one answer.

        Raises:
            NoAnswerError: there was none within the time.
        """
        reader, writer = await self.connect(scheme, sni=sni, context=context, address=address, seconds=seconds)
        try:
            writer.write(raw)
            return Answer(*await asyncio.wait_for(http1.read_answer(reader, method, MOST_OCTETS), seconds))
        except TimeoutError as error:
            raise NoAnswerError(f"no answer within {seconds:g} s") from error
        except http1.MalformedAnswerError as error:
            raise NoAnswerError(f"no HTTP: {error}") from error
        except EOFError as error:
            raise NoAnswerError("closed without an answer") from error
        except OSError as error:
            raise NoAnswerError(f"the connection broke: {error.strerror or type(error).__name__}") from error
        finally:
            await close(writer)


async def close(writer: asyncio.StreamWriter) -> None:
    """Whatever state it is in, within a second."""
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        await asyncio.wait_for(writer.wait_closed(), 1.0)


def request(method: str, target: str, host: str, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"") -> bytes:
    """The bytes of one request that closes its connection; texts hold one character an octet."""
    own = [("Host", host), *headers, ("Connection", "close")]
    if body or method == "POST":
        own.append(("Content-Length", str(len(body))))
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in own if value)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body
