"""Files from elsewhere: bounded, and each with an error that says where and what to do."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from linkproof.errors import LinkproofError
from linkproof.names import HostName, InvalidHostNameError
from linkproof.show import show

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_RECORDS: Final = 500_000


class SourceFileError(LinkproofError):
    """A file is not what it was said to be. `place` is the file with line, where there is one."""

    def __init__(self, place: str, problem: str, fix: str) -> None:
        super().__init__(f"{place}: {problem}", fix)
        self.place = place


def read_text(file: Path) -> str:
    """A file's text, at most 64 MiB of UTF-8, a mark at its beginning left out.

    Raises:
        SourceFileError: it cannot be read, is larger, or is no text.
    """
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise SourceFileError(str(file), f"cannot be read: {reason}", "check the path") from error
    if len(data) > MOST_BYTES:
        raise SourceFileError(
            str(file), "more than 64 MiB", "give the zones and records that matter in a file of their own"
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceFileError(
            f"{file}:{line}", f"byte 0x{data[error.start]:02x} is not UTF-8", "save the file as UTF-8"
        ) from error


def zone_name(text: str, place: str) -> str:
    """A zone's name on the wire.

    Raises:
        SourceFileError: it is none.
    """
    try:
        return HostName.parse(text).text
    except InvalidHostNameError as error:
        raise SourceFileError(
            place, f"{show(text)} is no name of a zone: {error.reason}", "write it as in example.com"
        ) from error


def wire(text: str) -> str:
    """A record's name or target for comparison: lower case, A-labels, without trailing dot; what is no name stays as it is."""
    name = text.strip().lower().removesuffix(".")
    if name.isascii():
        return name
    try:
        return HostName.parse(name).text
    except InvalidHostNameError:
        return name
