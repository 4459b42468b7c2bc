"""Why a declaration's bytes cannot be read."""

from __future__ import annotations

from linkproof.declaration.text import MOST_BYTES
from linkproof.errors import LinkproofError


class SourceError(LinkproofError):
    """The file, the revision or the path in it cannot be read."""


class TooLargeError(SourceError):
    """More bytes than a declaration may have. `size_bytes` is what the file system or git says."""

    def __init__(self, name: str, size_bytes: int) -> None:
        super().__init__(
            f"{name} has {size_bytes:,} bytes, at most {MOST_BYTES:,} (2 MiB) are read",
            "split the environment into several declarations",
        )
        self.size_bytes = size_bytes
