"""Reads what a TLS client says first: the name it wants and the versions it speaks (RFC 8446 §4.1.2, RFC 6066 §3)."""

from __future__ import annotations

from dataclasses import dataclass

MOST_BYTES = 32 * 1024
_HANDSHAKE_RECORD = 22
_CLIENT_HELLO = 1
_SERVER_NAME = 0
_SUPPORTED_VERSIONS = 43
# TLS 1.0 to 1.3 as numbers; anything else in the list is GREASE (RFC 8701) or not yet invented.
_VERSIONS = range(0x0301, 0x0305)


class NotTlsError(ValueError):
    """The bytes cannot become a ClientHello, however many more arrive."""


class _NeedMoreError(Exception):
    """The ClientHello goes on in bytes that have not arrived."""


@dataclass(frozen=True, slots=True)
class ClientHello:
    """The part of it that decides which certificate is shown.

    Args:
        server_name: lower case; None when the client sent none.
        versions: the TLS versions it speaks, as `ssl.TLSVersion` numbers them.
    """

    server_name: str | None
    versions: frozenset[int] = frozenset(_VERSIONS)


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        end = self._at + count
        if end > len(self._data):
            raise NotTlsError(f"{count} octets announced, {len(self._data) - self._at} left")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self, octets: int) -> int:
        return int.from_bytes(self.take(octets), "big")

    def vector(self, length_octets: int) -> bytes:
        return self.take(self.number(length_octets))

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._data)


def parse(data: bytes) -> ClientHello | None:
    """The ClientHello at the start of a connection, or None while more bytes are needed.

    Raises:
        NotTlsError: this is not TLS, or its inner lengths contradict each other.
    """
    try:
        body = _handshake_body(data)
    except _NeedMoreError:
        return None
    cursor = _Cursor(body)
    legacy_version = cursor.number(2)
    cursor.take(32)  # random
    cursor.vector(1)  # session id
    cursor.vector(2)  # cipher suites
    cursor.vector(1)  # compression methods
    extensions = {} if cursor.at_end else _extensions(cursor.vector(2))
    name, versions = extensions.get(_SERVER_NAME), extensions.get(_SUPPORTED_VERSIONS)
    return ClientHello(
        _server_name(name) if name else None,
        # Without the extension the client speaks everything up to its legacy version (RFC 8446 §4.2.1).
        _listed_versions(versions) if versions else frozenset(v for v in _VERSIONS if v <= legacy_version),
    )


def _extensions(data: bytes) -> dict[int, bytes]:
    cursor, found = _Cursor(data), {}
    while not cursor.at_end:
        kind = cursor.number(2)
        found[kind] = cursor.vector(2)
    return found


def _listed_versions(value: bytes) -> frozenset[int]:
    cursor = _Cursor(_Cursor(value).vector(1))
    listed = set()
    while not cursor.at_end:
        listed.add(cursor.number(2))
    return frozenset(listed.intersection(_VERSIONS))


def _handshake_body(data: bytes) -> bytes:
    """Joins the records that the message is spread over (RFC 8446 §5.1)."""
    message = b""
    at = 0
    while True:
        if len(data) > at and data[at] != _HANDSHAKE_RECORD:
            raise NotTlsError("does not start with a handshake record")
        if len(data) < at + 5:
            raise _NeedMoreError
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        fragment = data[at + 5 : at + 5 + length]
        if len(fragment) < length:
            raise _NeedMoreError
        message += fragment
        at += 5 + length
        if message and message[0] != _CLIENT_HELLO:
            raise NotTlsError("does not start with a ClientHello")
        if len(message) >= 4:
            needed = int.from_bytes(message[1:4], "big")
            if needed > MOST_BYTES:
                raise NotTlsError("the ClientHello is too long")
            if len(message) >= 4 + needed:
                return message[4 : 4 + needed]


def _server_name(value: bytes) -> str | None:
    names = _Cursor(_Cursor(value).vector(2))
    while not names.at_end:
        kind, name = names.number(1), names.vector(2)
        if kind == 0:
            return name.decode("ascii", "replace").lower()
    return None
