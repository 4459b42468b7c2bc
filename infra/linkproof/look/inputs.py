"""Hosts as people have them: names, URLs, lines of a file, a saved mail."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from linkproof.errors import LinkproofError
from linkproof.names import HostName, InvalidHostNameError
from linkproof.show import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A list of every host of a large sender is under one megabyte.
MOST_OCTETS: Final = 16 * 1024 * 1024
MOST_HOSTS: Final = 20_000
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


class InvalidInputError(LinkproofError):
    """What was given names no host, or cannot be read."""


def host_of(text: str, place: str = "") -> str:
    """The host of a name or URL, as it goes on the wire.

    Args:
        text: `url1.example.com`, `https://url1.example.com/x`; any case, U-labels, a trailing dot.
        place: where it stands, for the error.

    Raises:
        InvalidInputError: it is neither.
    """
    before = f"{place}: " if place else ""
    found = text.strip()
    if _SCHEME.match(found):
        try:
            found = urlsplit(found).hostname or ""
        except ValueError:
            found = ""
        if not found:
            raise InvalidInputError(
                f"{before}{show(text.strip())} is no URL with a host", "give https://HOST/…, or the host alone"
            )
    found = found.split("/", 1)[0]
    try:
        name = HostName.parse(found)
    except InvalidHostNameError as error:
        raise InvalidInputError(f"{before}{show(text.strip())} is no host: {error.reason}", error.fix) from error
    if len(name.labels) < 2 or name.labels[-1].isdigit():
        raise InvalidInputError(
            f"{before}{show(text.strip())} is no host of a zone", "give a whole name, as url1.example.com"
        )
    return name.text


def hosts_of(texts: Iterable[str], files: Iterable[str]) -> list[str]:
    """All hosts, each once, in their order.

    Args:
        texts: names and URLs.
        files: with a name or URL a line, `#` begins a comment; `-` is standard input.

    Raises:
        InvalidInputError: one of them names no host, a file cannot be read, or there are too many.
    """
    found = dict.fromkeys(host_of(text) for text in texts)
    for file in files:
        for number, line in enumerate(_lines(file), 1):
            text = line.split("#", 1)[0].strip() if not _SCHEME.match(line.strip()) else line.strip()
            if text:
                found[host_of(text, f"{file}:{number}")] = None
    if len(found) > MOST_HOSTS:
        raise InvalidInputError(f"{len(found):,} hosts, at most {MOST_HOSTS:,} at a time", "give them in parts")
    return list(found)


def _lines(file: str) -> Iterator[str]:
    return iter(read_bounded(file).decode("utf-8", "replace").splitlines())


def read_bounded(file: str) -> bytes:
    """A file, or standard input for `-`.

    Raises:
        InvalidInputError: it cannot be read, or is too large.
    """
    try:
        if file == "-":
            content = sys.stdin.buffer.read(MOST_OCTETS + 1)
        else:
            with Path(file).open("rb") as stream:
                content = stream.read(MOST_OCTETS + 1)
    except OSError as error:
        raise InvalidInputError(f"{file}: {error.strerror or error}", "give a file that can be read") from error
    if len(content) > MOST_OCTETS:
        raise InvalidInputError(f"{file}: over {MOST_OCTETS >> 20} MiB", "give a smaller file, or the hosts alone")
    return content
