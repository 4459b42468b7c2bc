"""From bytes to text: size, encoding and characters, before any parser sees them."""

from __future__ import annotations

import codecs
import re
from typing import Final

from linkproof.declaration.problem import Place, Problem

MOST_BYTES: Final = 2 * 1024 * 1024

# YAML 1.1 §5.1: what a stream may hold.
_REFUSED: Final = re.compile(
    "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]",
)
_OTHER_BOMS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


def too_large(name: str, size_bytes: int) -> Problem:
    return Problem(
        "yaml.size",
        Place(name, 1, 1),
        "",
        f"the file has {size_bytes:,} bytes, at most {MOST_BYTES:,} (2 MiB) are read",
        "split the environment into several declarations",
    )


def place_at(text: str, offset: int, name: str) -> Place:
    """The place of a character offset."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(name, text.count("\n", 0, offset) + 1, offset - line_start + 1)


def decode(data: bytes | str, name: str) -> tuple[str, Problem | None]:
    """The text of a declaration, or an empty one and the problem that keeps it from being read."""
    if len(data) > MOST_BYTES:
        return "", too_large(name, len(data))
    if isinstance(data, bytes):
        for bom, encoding in _OTHER_BOMS:
            if data.startswith(bom):
                return "", _not_utf8(Place(name, 1, 1), f"the file is {encoding}")
        if data[:64].count(0) >= max(1, len(data[:64]) // 4):
            return "", _not_utf8(Place(name, 1, 1), "the file is UTF-16 or UTF-32 without a mark, or binary")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8", "replace")
            place = place_at(before, len(before), name)
            return "", _not_utf8(place, f"byte 0x{data[error.start]:02x} is not UTF-8")
    else:
        text = data
    text = text.removeprefix("\ufeff")
    refused = _REFUSED.search(text)
    if refused:
        return "", Problem(
            "yaml.character",
            place_at(text, refused.start(), name),
            "",
            f"the character U+{ord(refused.group()):04X} is not allowed in YAML",
            "remove it; an editor that shows control characters helps to find it",
        )
    return text, None


def _not_utf8(place: Place, message: str) -> Problem:
    return Problem("yaml.encoding", place, "", message, "save the file as UTF-8")
