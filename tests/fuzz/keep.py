"""What of a target is kept: `python -m tests.fuzz.keep seed TARGET…` before a run, and `… trim TARGET…` after it."""

from __future__ import annotations

import re
import sys

from tests.fuzz.target import CORPUS, MOST_OCTETS_OF_A_CORPUS, kept, load

# libFuzzer names what it finds by its SHA-1; what has another name was put there by a person, or by `seed`
_FOUND = re.compile(r"[0-9a-f]{40}")


def seed(name: str) -> None:
    """Write the seeds into the corpus."""
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for one, data in load(name).seeds().items():
        (folder / one).write_bytes(data)


def trim(name: str) -> None:
    """Drop the largest finds until the corpus is small enough; what has a name stays."""
    sizes = {file: file.stat().st_size for file in kept(name)}
    total = sum(sizes.values())
    for file in sorted(sizes, key=lambda one: sizes[one], reverse=True):
        if total > MOST_OCTETS_OF_A_CORPUS and _FOUND.fullmatch(file.name):
            file.unlink()
            total -= sizes[file]


if __name__ == "__main__":
    for target in sys.argv[2:]:
        {"seed": seed, "trim": trim}[sys.argv[1]](target)
