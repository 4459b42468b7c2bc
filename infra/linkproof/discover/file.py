"""The declaration's file: read leniently, written in one step."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from linkproof.declaration.nodes import read
from linkproof.declaration.source import read_file
from linkproof.declaration.text import decode
from linkproof.discover.existing import Existing, existing_of
from linkproof.errors import LinkproofError

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class DeclarationFile:
    """A file as it was read, or a text for one that is not there.

    Args:
        name: for messages.
        has_mark: a byte order mark stands before the text.
    """

    path: Path
    name: str
    text: str
    is_there: bool
    has_mark: bool = False

    @classmethod
    def open(cls, path: Path, name: str, otherwise: str) -> DeclarationFile:
        """Raises:
        LinkproofError: the file is there and cannot be read.
        """
        if not path.exists():
            return cls(path, name, otherwise, is_there=False)
        data = read_file(path)
        text, refused = decode(data, name)
        if refused is not None:
            raise LinkproofError(str(refused))
        return cls(path, name, text, is_there=True, has_mark=data.startswith(_MARK))

    def existing(self) -> Existing:
        """What it declares. That an entry is refused by `check` does not matter here.

        Raises:
            LinkproofError: it is not the YAML that declarations are, so nobody knows what is in it.
        """
        tree = read(self.text, self.name)
        wrong = [problem for problem in tree.problems if problem.rule.startswith("yaml.")]
        if wrong:
            raise LinkproofError(str(wrong[0]))
        return existing_of(tree.value)

    def write(self, text: str) -> bool:
        """Whether anything changed. A reader sees the old file or the new one, and a file that came up meanwhile stays.

        Raises:
            LinkproofError: somebody has changed it since it was read.
            OSError: it cannot be written.
        """
        if self.is_there and text == self.text:
            return False
        if self.is_there and decode(read_file(self.path), self.name)[0] != self.text:
            raise LinkproofError(f"{self.name} was changed meanwhile, and is as somebody left it", "run this again")
        self.path.parent.mkdir(exist_ok=True)
        if not self.is_there:
            create(self.path, text)
            return True
        target = self.path.resolve()  # a symbolic link stays one: what it leads to is replaced
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write((_MARK if self.has_mark else b"") + text.encode("utf-8"))
            Path(temporary).chmod(target.stat().st_mode & 0o7777)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        return True


def create(file: Path, text: str) -> None:
    """A new file; never over one that is there."""
    file.parent.mkdir(exist_ok=True)
    with file.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)
