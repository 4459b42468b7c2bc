"""A command of the engine that runs beside other work: it is never held up, and nothing of it runs on."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from linkproof.engine import beside
from linkproof.engine.beside import Beside
from linkproof.errors import LinkproofError

FOLDER = Path("/")


def shell(script: str) -> Beside:
    return Beside(["sh", "-c", script], FOLDER, {"PATH": os.environ["PATH"]})


def _await(file: Path) -> None:
    deadline = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _fail_once(file: Path) -> None:
    _await(file)
    raise KeyError


def test_it_ends_though_nobody_reads_what_it_prints(tmp_path: Path) -> None:
    done = tmp_path / "done"
    with shell(f"head -c 1000000 /dev/zero | tr '\\0' x; echo problem >&2; touch {done}; exit 3") as running:
        _await(done)
        ended = running.ended()
    assert (ended.returncode, len(ended.stdout), ended.stderr) == (3, 1_000_000, "problem\n")


def test_one_that_does_not_end_in_time_is_said() -> None:
    with (
        shell("while :; do sleep 0.05; done") as running,
        pytest.raises(LinkproofError, match=r"did not end within 0\.1 s"),
    ):
        running.ended(0.1)


@pytest.mark.parametrize(("trap", "left"), [("trap 'echo told > NOTE; exit 1' TERM", "told\n"), ("trap '' TERM", "")])
def test_whoever_leaves_it_ends_it_and_one_that_hangs_is_killed(
    trap: str, left: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(beside, "_SECONDS_TO_END", 60 if left else 0.2)
    note, number = tmp_path / "note", tmp_path / "number"
    note.touch()
    wait = f"{trap.replace('NOTE', str(note))}; echo $$ > {number}.new; mv {number}.new {number}; while :; do sleep 0.05; done"
    with pytest.raises(KeyError), shell(wait):
        _fail_once(number)
    assert note.read_text() == left
    with pytest.raises(ProcessLookupError):
        os.kill(int(number.read_text()), 0)


_WHOEVER_IS_INTERRUPTED = """
import sys, time
from pathlib import Path
from linkproof.engine.beside import Beside
with Beside(["sh", "-c", sys.argv[1]], Path("/"), {"PATH": sys.argv[2]}):
    time.sleep(60)
"""


def test_a_terminal_s_interrupt_is_one_signal_to_it_and_not_two(tmp_path: Path) -> None:
    """At a second signal the engine ends at once, and its providers run on."""
    note, ready = tmp_path / "note", tmp_path / "ready"
    on = "".join(f"trap 'echo {name} >> {note}; sleep 0.3; exit 1' {name}; " for name in ("INT", "TERM"))
    script = f"{on} touch {ready}; while :; do sleep 0.05; done"
    command = [sys.executable, "-c", _WHOEVER_IS_INTERRUPTED, script, os.environ["PATH"]]
    with subprocess.Popen(command, start_new_session=True, stderr=subprocess.DEVNULL) as process:
        try:
            _await(ready)
            os.killpg(process.pid, signal.SIGINT)
            process.wait(60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert note.read_text() == "TERM\n"
