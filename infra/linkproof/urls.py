"""URLs as they are compared: in the normal form of RFC 3986 §6.2, and octet by octet where a header sent more than ASCII."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Everything else that a URL may hold (RFC 3986 §2.2); quoting leaves the unreserved ones alone.
_RESERVED: Final = "%:/?#[]@!$&'()*+,;="
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Url:
    """A URL in its normal form; two are the same resource for certain if all of their parts are equal.

    Args:
        host: lower case, with the user before it where there is one.
        port: None for the scheme's own.
        path: at least `/`; `%2F` stays apart from `/`, for it is another resource.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str


def parse_url(text: str) -> Url | None:
    """Read a URL, or None where it is none."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    user = parts.netloc.rpartition("@")[0]
    host = (parts.hostname or "").lower().removesuffix(".")
    return Url(
        scheme=scheme,
        host=f"{user}@{host}" if user else host,
        port=None if port == _DEFAULT_PORTS.get(scheme) else port,
        path=_without_dots(_escapes(parts.path)) or "/",
        query=_escapes(parts.query),
        fragment=_escapes(parts.fragment),
    )


def location_of(base: str, value: str) -> str:
    """Where a Location leads, absolute and in ASCII.

    Args:
        base: the URL that was asked for.
        value: of the header, one character an octet (latin-1), as it is read from the wire.
    """
    try:
        octets = value.encode("latin-1")
    except UnicodeEncodeError:
        octets = value.encode()
    target = quote(octets, safe=_RESERVED)
    try:
        return urljoin(base, target)
    except ValueError:
        return target


def same_resource(one: Url, other: Url) -> bool:
    """The same URL but for the fragment, which is never sent, and the port: behind an edge the port that was asked is not the public one."""
    return (one.scheme, one.host, one.path, one.query) == (other.scheme, other.host, other.path, other.query)


def _escapes(text: str) -> str:
    """Escapes in upper case, none for what needs none, and one for whatever a URL cannot hold (RFC 3986 §6.2.2.1 and .2)."""

    def normal(match: re.Match[str]) -> str:
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(normal, quote(text, safe=_RESERVED))


def _without_dots(path: str) -> str:
    """RFC 3986 §5.2.4: empty segments stay, for `//` is another path than `/`."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for segment in segments:
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/".join(kept)
