"""An evidence folder from a stranger: read, judged again, and reported.

An input is the three files of a folder, in the order of NAMES, with a record separator between them.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from linkproof.commands.standard_streams import printable
from linkproof.errors import LinkproofError
from linkproof.verify.evidence.writer import EXPECTATIONS_FILE, LINES_FILE, RUN_FILE
from linkproof.verify.replay import judge_again

from tests.fuzz.invariants import assert_sound
from tests.fuzz.target import CORPUS, Blind, Target

NAMES, SEPARATOR = (RUN_FILE, EXPECTATIONS_FILE, LINES_FILE), b"\x1e"
# A refusal is one message for a person: a line for what is wrong, one for the fix, each octet in at most ten characters.
_LONGEST_REFUSAL = 2 * 20_000
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 2**31, 2**64, 1e308, float("nan"), float("inf"), "", "\x1b[2J<b>", "\u202e", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00", "127.0.0.1", "::1", "url.example.test.", [], {}, [[]],
)  # fmt: skip


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="linkproof-fuzz-"))


def run(data: bytes) -> None:
    folder = _folder()
    for name, content in zip(NAMES, data.split(SEPARATOR, 2), strict=False):
        (folder / name).write_bytes(content)
    try:
        judged = judge_again(folder)
    except LinkproofError as refusal:
        assert_clear(refusal)
        return
    assert_sound(judged.result, judged.expectations)


def assert_clear(refusal: LinkproofError) -> None:
    """As the command line prints it, a refusal is short, harmless, and says what to do."""
    shown = printable(str(refusal))
    assert refusal.fix
    assert refusal.exit_code == 2
    assert len(shown) <= _LONGEST_REFUSAL, f"a refusal of {len(shown)} characters"
    assert shown.replace("\n", "").isprintable()


def seeds() -> Mapping[str, bytes]:
    """Folders of real runs, which tests/fuzz/record.py writes straight into the corpus: no two runs are the same."""
    return {name: (CORPUS / "evidence" / name).read_bytes() for name in ("faulty", "healthy")}


def change(data: bytes, random: Random, blind: Blind) -> bytes:
    """One value of one line becomes another; octets inside base64 change as octets."""
    lines = data.split(b"\n")
    position = random.randrange(len(lines))
    if random.random() < 0.2:
        other = random.randrange(len(lines))
        lines[position], lines[other] = lines[other], lines[position]
        return b"\n".join(lines)
    mark = SEPARATOR if lines[position].startswith(SEPARATOR) else b""
    try:
        tree = json.loads(lines[position].removeprefix(SEPARATOR))
        places = list(_places(tree))
        where, key = random.choice(places)
    except (ValueError, IndexError):
        return blind(data, len(data) + 64)
    where[key] = _changed(where[key], random, blind)
    lines[position] = mark + json.dumps(tree).encode()
    return b"\n".join(lines)


def _places(tree: Any) -> Any:
    if isinstance(tree, (dict, list)):
        for key in tree if isinstance(tree, dict) else range(len(tree)):
            yield tree, key
            yield from _places(tree[key])


def _changed(value: Any, random: Random, blind: Blind) -> Any:
    if isinstance(value, str) and len(value) > 15 and random.random() < 0.7:
        try:
            octets = base64.b64decode(value, validate=True)
            return base64.b64encode(blind(octets, len(octets) + 32)).decode()
        except ValueError:
            pass
    if isinstance(value, str) and random.random() < 0.5:
        return blind(value.encode("utf-8", "surrogatepass"), len(value) + 16).decode("latin-1")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and random.random() < 0.5:
        return value + random.choice((-1, 1, 1 << 16))
    return random.choice(_ODD)


TARGET = Target(run, seeds, max_octets=64 * 1024, change=change)
