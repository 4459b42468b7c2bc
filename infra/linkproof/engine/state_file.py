"""The file that holds a stack's state on a file backend: plain, or compressed with gzip or zstd."""

from __future__ import annotations

import gzip
import json
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from linkproof.errors import LinkproofError

# PULUMI_DIY_BACKEND_GZIP and PULUMI_DIY_BACKEND_ZSTD (PULUMI_SELF_MANAGED_STATE_GZIP of old).
_ENDINGS = (".json", ".json.gz", ".json.zst")
_ZSTD_MAGIC = 0xFD2FB528
_ZSTD_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


class TornStateError(LinkproofError):
    """A state was only partly written: no command of the engine can read the stack."""

    def __init__(self, file: Path, stack: str, fix: str = "") -> None:
        super().__init__(
            f"the state of stack {stack} is torn: {file} is not whole",
            fix or f"run `linkproof recover {stack}`",
        )


@dataclass(frozen=True, slots=True)
class Restored:
    """A state that was put back.

    Args:
        file: it is now what the backup was.
        torn: where the broken state was put; None where there was none at all.
    """

    file: Path
    backup: Path
    torn: Path | None


def variants(folder: Path, project: str, stack: str) -> list[Path]:
    """Where the state may be, whatever its format; the file need not exist."""
    return [folder / "stacks" / project / f"{stack}{ending}" for ending in _ENDINGS]


def current(folder: Path, project: str, stack: str) -> Path | None:
    """The file that the engine takes: the youngest, where formats were changed; None where there is none."""
    there = [file for file in variants(folder, project, stack) if file.exists()]
    return max(there, key=lambda file: file.stat().st_mtime_ns, default=None)


def torn(folder: Path | None, project: str, stack: str) -> Path | None:
    """The state's file where it is not whole; None where it is, or where there is none."""
    file = current(folder, project, stack) if folder is not None else None
    return file if file is not None and not is_whole(file) else None


def backup_of(folder: Path, project: str, stack: str) -> Path | None:
    """The youngest whole backup."""
    found = [Path(f"{file}.bak") for file in variants(folder, project, stack)]
    whole = [file for file in found if file.exists() and is_whole(file)]
    return max(whole, key=lambda file: file.stat().st_mtime_ns, default=None)


def restore(folder: Path, project: str, stack: str) -> Restored | None:
    """Put a state that is gone or torn back from its backup, which the engine makes before it writes the next one.

    The backup is one step older. A create is written down before it is begun, so nothing made is unknown to it. Only for
    a stack whose engine is known to have been killed: `stack rename` and `stack rm` leave a backup without a state too.

    Returns:
        what was done; None where the state is whole, or there is no backup.
    """
    file = current(folder, project, stack)
    if file is not None and is_whole(file):
        return None
    backup = backup_of(folder, project, stack)
    if backup is None:
        return None
    broken = None
    if file is not None:
        broken = file.with_name(f"{file.name}.torn")
        file.replace(broken)
    target = backup.with_name(backup.name.removesuffix(".bak"))
    fresh = target.with_name(f"{target.name}.new")
    shutil.copyfile(backup, fresh)
    fresh.replace(target)
    return Restored(target, backup, broken)


def remove_torn_attributes(folder: Path, project: str, stack: str) -> list[Path]:
    """Each file of the backend may have a small one of attributes beside it, written in place; the backend does without."""
    gone = []
    beside = (
        *(folder / "stacks" / project).glob(f"{stack}.json*.attrs"),
        *folder.glob(f"*/{project}/{stack}/*.attrs"),
        *folder.glob(f"*/*/{project}/{stack}/*.attrs"),
    )
    for file in beside:
        if not is_whole(file):
            file.unlink(missing_ok=True)
            gone.append(file)
    return gone


def is_whole(file: Path) -> bool:
    """Whether all of it was written."""
    state = file.name.removesuffix(".bak")  # attributes are plain JSON, whatever they are beside
    try:
        data = file.read_bytes()
        if state.endswith(".zst"):
            return _zstd_is_whole(data)
        json.loads(gzip.decompress(data) if state.endswith(".gz") else data)
    except (OSError, EOFError, ValueError, zlib.error, IndexError):
        return False
    return True


def _zstd_is_whole(data: bytes) -> bool:
    """Whether the last frame has its end (RFC 8878 §3.1.1): Python reads the format only from 3.14 on."""
    position = 0
    while position < len(data):
        position = _end_of_frame(data, position)
    return bool(data) and position == len(data)


def _end_of_frame(data: bytes, position: int) -> int:
    magic = int.from_bytes(data[position : position + 4], "little")
    if magic in _ZSTD_SKIPPABLE:
        return position + 8 + int.from_bytes(data[position + 4 : position + 8], "little")
    if magic != _ZSTD_MAGIC:
        raise ValueError("not zstd")
    descriptor = data[position + 4]
    is_single = descriptor >> 5 & 1
    size_octets = (1 if is_single else 0, 2, 4, 8)[descriptor >> 6]
    position += 5 + (0 if is_single else 1) + (0, 1, 2, 4)[descriptor & 3] + size_octets
    for header in _blocks(data, position):
        position, is_last = header
        if is_last:
            break
    return position + (4 if descriptor >> 2 & 1 else 0)


def _blocks(data: bytes, position: int) -> Iterator[tuple[int, bool]]:
    """The end of each block, and whether it is the last."""
    while True:
        if position + 3 > len(data):
            raise ValueError("torn")
        header = int.from_bytes(data[position : position + 3], "little")
        position += 3 + (1 if header >> 1 & 3 == 1 else header >> 3)
        yield position, bool(header & 1)
