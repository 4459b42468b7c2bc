"""A vendor's rate limit, kept by all processes of a machine together: one bucket of tokens for each account, in a locked file."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from linkproof.json_api import Waiting


@dataclass(frozen=True, slots=True)
class Rate:
    """How many calls an account takes.

    Args:
        burst: at once, after a pause; in any `s` seconds it is `burst + s * per_second` at most.
    """

    burst: float
    per_second: float


class Bucket:
    """Tokens that are taken, also ahead of time: each caller gets its turn, in the order in which they came.

    Args:
        file: where the tokens are; its folder is made. Where it cannot be written nobody waits: the vendor's own refusal then counts.
    """

    def __init__(self, file: Path, rate: Rate) -> None:
        self._file = file
        self._rate = rate

    def wait_seconds(self) -> float:
        """Take one token; how long until it is there."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError:
            return 0.0
        with contextlib.closing(os.fdopen(handle, "r+")) as stream:
            fcntl.flock(stream, fcntl.LOCK_EX)
            now = time.time()
            tokens = self._filled(stream.read(), now) - 1
            stream.seek(0)
            stream.truncate()
            stream.write(f"{tokens!r} {now!r}")
            stream.flush()
        return max(0.0, -tokens / self._rate.per_second)

    def take(self, waiting: Waiting) -> None:
        """Wait for one call's turn, as far as `waiting` lets; past that the vendor decides."""
        wait = min(self.wait_seconds(), waiting.left_seconds())
        if wait > 0:
            waiting.sleep(wait)

    def _filled(self, text: str, now: float) -> float:
        """A file that nobody can read is a full bucket, and a clock that was set back fills none."""
        try:
            tokens, at = map(float, text.split())
        except ValueError:
            return self._rate.burst
        return min(self._rate.burst, tokens + max(0.0, now - at) * self._rate.per_second)


def bucket_of(vendor: str, key: str, base_url: str, rate: Rate | None) -> Bucket | None:
    """The bucket of an account; None where there is no limit to keep: none is known, or the address is no vendor's (no HTTPS).

    Args:
        key: tells accounts apart; the file's name has a digest of it.
    """
    if rate is None or not base_url.startswith("https://"):
        return None
    name = hashlib.sha256(f"{vendor} {base_url} {key}".encode()).hexdigest()[:20]
    return Bucket(_cache() / "rates" / f"{vendor}-{name}", rate)


def _cache() -> Path:
    named = os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "linkproof"
