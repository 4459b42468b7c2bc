"""A page from a file or the network, bounded in time and size; nothing of it is run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit

from linkproof.errors import LinkproofError
from linkproof.verify.marks import Probe
from linkproof.verify.observe import http1
from linkproof.verify.observe.closing import close_connection
from linkproof.verify.observe.edge.certificates import system_anchors, trusting_context

MOST_OCTETS: Final = 2_000_000
MOST_REDIRECTS: Final = 5
_SECONDS: Final = 30.0
_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class UnreadablePageError(LinkproofError):
    """The page cannot be had."""

    def __init__(self, page: str, reason: str) -> None:
        super().__init__(f"{page}: {reason}", "save the page in a browser, and give the file")
        self.page = page


def read_page(page: str, ca: Path | None = None) -> str:
    """The HTML of a URL or a file.

    Args:
        ca: trust anchors beside the system's.

    Raises:
        UnreadablePageError: see the class.
        OSError: the file cannot be read.
    """
    if not page.lower().startswith(("http://", "https://")):
        with Path(page).open("rb") as stream:
            data = stream.read(MOST_OCTETS + 1)
    else:
        data = asyncio.run(_bounded(page, ca))
    if len(data) > MOST_OCTETS:
        raise UnreadablePageError(page, f"more than {MOST_OCTETS} octets")
    return data.decode("utf-8", "replace")


async def _bounded(page: str, ca: Path | None) -> bytes:
    try:
        async with asyncio.timeout(_SECONDS):
            return await _fetch(page, ca)
    except TimeoutError as error:
        raise UnreadablePageError(page, f"no whole answer in {_SECONDS:.0f} s") from error
    except (OSError, EOFError, http1.MalformedAnswerError, ValueError) as error:
        raise UnreadablePageError(page, str(error) or type(error).__name__) from error


async def _fetch(page: str, ca: Path | None) -> bytes:
    url = page
    for _ in range(MOST_REDIRECTS + 1):
        status, headers, body = await _get(url, ca)
        location = dict(headers).get("location")
        if status not in _REDIRECTS or not location:
            if status != 200:
                raise UnreadablePageError(page, f"answered {status}")
            return body
        following = urljoin(url, location)
        if urlsplit(following).scheme not in _PORTS or (url.startswith("https:") and following.startswith("http:")):
            raise UnreadablePageError(page, "redirected away from HTTP and HTTPS, or from HTTPS to HTTP")
        url = following
    raise UnreadablePageError(page, f"more than {MOST_REDIRECTS} redirects")


async def _get(url: str, ca: Path | None) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    parts = urlsplit(url)
    host, is_tls = parts.hostname or "", parts.scheme == "https"
    context = None
    if is_tls:
        context = trusting_context(system_anchors())
        if ca is not None:
            context.load_verify_locations(cafile=str(ca))
    port = parts.port or _PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not (path.isascii() and path.isprintable()) or " " in path or not host.isascii():
        raise ValueError("write the URL in ASCII, with % for other characters")
    reader, writer = await asyncio.open_connection(
        host, port, ssl=context, server_hostname=host if is_tls else None, limit=http1.MAX_HEADER_OCTETS
    )
    try:
        named = host if port == _PORTS[parts.scheme] else f"{host}:{port}"
        return await http1.exchange(reader, writer, named, Probe("GET", path, most_octets=MOST_OCTETS + 1))
    finally:
        await close_connection(writer)
