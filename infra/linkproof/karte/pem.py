"""PEM, read strictly and written afresh.

No reader alone sees all that can be wrong: a dash that became an en dash, or `Begin Certificate`, makes every one of them drop a
certificate without a word (RFC 7468 §3 is lax). So lines are counted here, and each block goes to its reader as DER.
"""

from __future__ import annotations

import base64
import binascii
import re
import sys
from dataclasses import dataclass
from pathlib import Path

from linkproof.karte.refusal import Refusal, RefusedError

# A chain has a few kilobytes.
MOST_OCTETS = 1_000_000
STANDARD_INPUT = Path("-")
_BOUNDARY = re.compile(r"-----(BEGIN|END) ([A-Z0-9 ]+)-----[ \t]*")
# what a person, or a word processor, makes of a boundary
_ALMOST = re.compile(r"-----|[‐-―−﹘－]{2}|\b(begin|end)\s+([a-z0-9]+\s+)*(certificate|key)\b", re.IGNORECASE)
_COLUMNS = 64


@dataclass(frozen=True, slots=True)
class Block:
    """One block.

    Args:
        label: `CERTIFICATE` and the like.
        line: of its BEGIN, from 1.
        headers: the lines before its base64 that have a colon (RFC 1421 §4.6).
    """

    label: str
    der: bytes
    file: Path
    line: int
    headers: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}"


def read_blocks(file: Path) -> list[Block]:
    """Every block of a file; of standard input where it is `-`.

    Raises:
        RefusedError: it cannot be opened or read, has none, or has anything that looks like a boundary and is none.
    """
    try:
        with sys.stdin.buffer if file == STANDARD_INPUT else file.open("rb") as stream:
            data = stream.read(MOST_OCTETS + 1)
    except OSError as error:
        raise _refused(
            "pem.no-file", f"{file}: {error.strerror}", "name a file that is there and can be read"
        ) from error
    if len(data) > MOST_OCTETS:
        raise _refused("pem.too-long", f"{file}: more than {MOST_OCTETS} octets", "give the certificate's own file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(file, data) from error
    return blocks_of(text, file)


def blocks_of(text: str, file: Path) -> list[Block]:
    """Every block of a text.

    Args:
        file: for messages.

    Raises:
        RefusedError: it has none, or has anything that looks like a boundary and is none.
    """
    blocks = _split(text, file)
    if not blocks:
        raise _unreadable(file, text.encode())
    return blocks


def write_block(label: str, der: bytes) -> str:
    """One block: 64 columns, LF, a final newline."""
    text = base64.b64encode(der).decode("ascii")
    lines = [text[at : at + _COLUMNS] for at in range(0, len(text), _COLUMNS)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def _split(text: str, file: Path) -> list[Block]:
    blocks: list[Block] = []
    inner: list[tuple[int, str]] = []
    label, began = "", 0
    # only what ends a line in a text file: str.splitlines knows form feeds and more
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        found = _BOUNDARY.fullmatch(line)
        if label and found and found[1] == "END":
            if found[2] != label:
                raise _broken(file, number, f"END {found[2]} ends a block that began as {label} in line {began}")
            blocks.append(_block(label, inner, file, began))
            label, inner = "", []
        elif found and found[1] == "BEGIN" and not label:
            label, began = found[2], number
        elif found or "\ufeff" in line or ("-----" in line if label else _ALMOST.search(line)):
            raise _broken(file, number, _what(line, label, began))
        elif label:
            inner.append((number, line))
    if label:
        raise _broken(file, began, f"the block {label} has no END line")
    return blocks


def _block(label: str, inner: list[tuple[int, str]], file: Path, began: int) -> Block:
    headers = []
    while inner and ":" in inner[0][1]:
        headers.append(inner.pop(0)[1])
    for number, line in inner:
        if not re.fullmatch(r"[A-Za-z0-9+/=]*[ \t]*", line):
            raise _broken(file, number, "a line that is no base64 stands in a block")
    try:
        der = base64.b64decode("".join(line.strip() for _, line in inner), validate=True)
    except binascii.Error as error:
        raise _broken(file, began, f"the block {label} is no base64: {error}") from error
    if not der:
        raise _broken(file, began, f"the block {label} is empty")
    return Block(label, der, file, began, tuple(headers))


def _what(line: str, label: str, began: int) -> str:
    if "\ufeff" in line:
        return "a byte-order mark stands in the middle: files were joined that each began with one"
    if line.count("-----") > 2:
        return "two boundaries stand on one line: files were joined without a line end between them"
    if label and _BOUNDARY.fullmatch(line):
        return f"a boundary stands inside the block {label} of line {began}, which has no END line"
    return "a line that looks like a boundary and is none: readers pass over it, and over the certificate behind it"


def _broken(file: Path, line: int, what: str) -> RefusedError:
    fix = "take the file as the CA or the client wrote it, or join files again with a line end between them; never through a word processor"
    return _refused("pem.broken", f"{file}:{line}: {what}", fix)


def _unreadable(file: Path, data: bytes) -> RefusedError:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return _refused("pem.utf-16", f"{file}: UTF-16, which nothing reads as PEM", "save it as plain ASCII")
    if data[:1] == b"\x30":
        fix = f"openssl x509 -inform DER -in {file} -out FILE, or for a PKCS #12 file: openssl pkcs12 -in {file} -nodes -out FILE"
        return _refused("pem.binary", f"{file}: binary, not PEM", fix)
    return _refused("pem.none", f"{file}: has no PEM block", "give a file with -----BEGIN lines")


def _refused(refusal: str, problem: str, fix: str) -> RefusedError:
    return RefusedError([Refusal(refusal, problem, fix)])
