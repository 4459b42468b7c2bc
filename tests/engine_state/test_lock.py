"""Whose a lock is: the dead's is removed, the living's never, and what cannot be known is said."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linkproof.engine import processes
from linkproof.engine.lock import Lock, locks
from linkproof.engine.note import UNWANTED, leave_note, read_note
from linkproof.project import Project

REPOSITORY = Path(__file__).resolve().parents[2]
NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"]


def lock(pid: int, host: str | None = None, at: float | None = None) -> Lock:
    return Lock(Path("lock.json"), pid, host or socket.gethostname(), time.time() if at is None else at)


@contextmanager
def running(command: list[str], cwd: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def named_pulumi(folder: Path, program: str = "/bin/sleep") -> str:
    """A program whose processes have the engine's name: on Linux that of its file."""
    named = folder / "pulumi"
    named.symlink_to(program)
    return str(named)


def wait_for_engine(pid: int) -> None:
    """The kernel names a process a moment after its start is reported."""
    until = time.monotonic() + 20
    while (found := processes.process(pid)) is None or found.name != "pulumi":
        assert time.monotonic() < until, "never named"


def needs_namespaces() -> None:
    done = subprocess.run([*NAMESPACE, "true"], capture_output=True, text=True, check=False, timeout=30)
    if done.returncode != 0:
        pytest.skip(f"no namespace of process ids can be made here: {done.stderr.strip()}")


def test_a_lock_of_a_dead_process_is_not_held_where_every_process_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with running([sys.executable, "-c", "pass"]) as ended:
        ended.wait(30)
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: True)
    assert lock(ended.pid).is_held() is False
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: False)
    assert lock(ended.pid).is_held() is None, "it may run in a container that cannot be seen"


def test_a_lock_of_a_living_engine_is_held(tmp_path: Path) -> None:
    with running([named_pulumi(tmp_path), "60"]) as engine:
        wait_for_engine(engine.pid)
        assert lock(engine.pid).is_held() is True


def test_a_killed_engine_that_nobody_has_waited_for_holds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: True)
    with running([named_pulumi(tmp_path), "60"]) as engine:
        wait_for_engine(engine.pid)
        os.kill(engine.pid, 9)
        os.waitid(os.P_PID, engine.pid, os.WEXITED | os.WNOWAIT)
        assert lock(engine.pid).is_held() is False


def test_a_pid_that_was_given_to_another_program_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: True)
    with running(["/bin/sleep", "60"]) as other:
        assert lock(other.pid).is_held() is False


def test_a_pid_that_was_given_to_a_later_engine_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: True)
    monkeypatch.setattr(processes, "booted_at", lambda: time.time() - 86400)
    monkeypatch.setattr(processes.Process, "started_at", property(lambda _: time.time()))
    with running([named_pulumi(tmp_path), "60"]) as engine:
        wait_for_engine(engine.pid)
        assert lock(engine.pid, at=time.time() - 600).is_held() is False
        assert lock(engine.pid, at=time.time() + 1).is_held() is True


def test_a_lock_from_before_the_last_start_of_the_host_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "every_process_is_seen", lambda: False)
    assert lock(4194000, at=processes.booted_at() - 60).is_held() is False
    assert lock(4194000, at=time.time()).is_held() is None


def test_a_lock_of_another_host_cannot_be_known() -> None:
    assert lock(os.getpid(), "another.example").is_held() is None
    assert lock(os.getpid(), "another.example").holder == f"process {os.getpid()} on another.example"


# namespaces ---------------------------------------------------------------------------------------
def test_a_living_engine_in_a_namespace_below_is_held_by_the_number_it_has_there(tmp_path: Path) -> None:
    needs_namespaces()
    shell = f"{named_pulumi(tmp_path)} 60 & echo $!; wait"
    with running(["unshare", "--pid", "--fork", "--kill-child", "sh", "-c", shell]) as outer:
        assert outer.stdout is not None
        inner = int(outer.stdout.readline())
        assert inner < 10, "its own namespace counts from 1"
        until = time.monotonic() + 20
        while lock(inner).is_held() is not True:
            assert time.monotonic() < until, "a living engine's lock was called dead"


def inside(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-c", code, *arguments],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_living_engine_outside_the_own_namespace_is_not_called_dead(tmp_path: Path) -> None:
    needs_namespaces()
    code = (
        "import socket, sys, time; from pathlib import Path; from linkproof.engine.lock import Lock;"
        " print(Lock(Path('x'), int(sys.argv[1]), socket.gethostname(), time.time()).is_held())"
    )
    with running([named_pulumi(tmp_path), "60"]) as engine:
        wait_for_engine(engine.pid)
        assert inside(code, str(engine.pid)) == "None"


IN_A_CONTAINER = r"""
import os, socket, subprocess, sys, time
from pathlib import Path
from linkproof.engine.lock import Lock
from linkproof.engine.note import read_note
from linkproof.project import Project

root = Path(sys.argv[1])
leave = f"{sys.executable} -c 'from linkproof.engine.note import leave_note; leave_note(\"dev\")'; echo done; read wait"
taken = time.time()
engine = subprocess.Popen([str(root / "pulumi"), "-c", leave], cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={**os.environ, "PYTHONPATH": f"{os.getcwd()}/infra"})
engine.stdout.readline()
note = read_note(Project(root), "dev", engine.pid)
lock = Lock(Path("x"), engine.pid, socket.gethostname(), taken)
said = [lock.is_held(note)]
engine.kill(); engine.wait()
said += [lock.is_held(note), lock.is_held(None), Lock(lock.file, engine.pid, lock.host, taken + 3600).is_held(note)]
print(said)
"""


def test_inside_a_container_the_program_s_note_tells_that_the_holder_would_be_seen(tmp_path: Path) -> None:
    """Held while it lives; dead with its note; unknown without, or with the note of another run."""
    needs_namespaces()
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    named_pulumi(tmp_path, "/bin/sh")
    assert inside(IN_A_CONTAINER, str(tmp_path)) == "[True, False, None, None]"


def test_a_program_without_an_engine_leaves_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    monkeypatch.chdir(tmp_path)
    leave_note("dev")
    assert read_note(Project(tmp_path), "dev", os.getpid()) is None
    assert not (tmp_path / ".linkproof").exists()


def test_an_engine_that_only_previews_leaves_no_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: linkproof\n")
    shell = named_pulumi(tmp_path, "/bin/sh")
    run = f"{sys.executable} -c 'from linkproof.engine.note import leave_note; leave_note(\"dev\")'; true"
    for unwanted, notes in (("", 1), ("1", 0)):
        environment = {**os.environ, **({UNWANTED: unwanted} if unwanted else {})}
        subprocess.run([shell, "-c", run], cwd=tmp_path, env=environment, check=True)
        assert len(list(tmp_path.rglob("engines/*.json"))) == notes
        shutil.rmtree(tmp_path / ".linkproof", ignore_errors=True)


# reading ------------------------------------------------------------------------------------------
def write(root: Path, stack: str, name: str, text: str, project: str = "linkproof") -> Path:
    folder = root / ".pulumi" / "locks" / "organization" / project / stack
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return folder / name


def test_only_the_stack_s_own_locks_are_found(tmp_path: Path) -> None:
    mine = write(
        tmp_path, "dev", "one.json", json.dumps({"pid": 41, "hostname": "here.example", "username": "someone"})
    )
    write(tmp_path, "prod", "two.json", json.dumps({"pid": 42, "hostname": "here.example"}))
    write(tmp_path, "dev2", "three.json", json.dumps({"pid": 43, "hostname": "here.example"}))
    write(tmp_path, "dev", "notes.txt", "no lock")
    write(tmp_path, "dev", "four.json", json.dumps({"pid": 44, "hostname": "here.example"}), project="another")
    assert locks(tmp_path / ".pulumi", "linkproof", "dev") == [Lock(mine, 41, "here.example")]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"pid": "x", "hostname": "h"}', '{"pid": null, "hostname": "h"}', "\udcff"]
)
def test_a_lock_that_cannot_be_read_is_nobody_s_to_remove(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, "dev", "torn.json", "")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    (found,) = locks(tmp_path / ".pulumi", "linkproof", "dev")
    assert found.is_held() is None


def test_a_backend_without_lock_files_here_has_none(tmp_path: Path) -> None:
    assert locks(None, "linkproof", "dev") == []
    assert locks(tmp_path / "no-such-folder", "linkproof", "dev") == []


def test_the_lock_s_own_time_is_read_as_the_engine_writes_it(tmp_path: Path) -> None:
    document = {"pid": 41, "hostname": "h", "timestamp": "2026-11-28T09:10:12.123456789+09:00"}
    write(tmp_path, "dev", "one.json", json.dumps(document))
    (found,) = locks(tmp_path / ".pulumi", "linkproof", "dev")
    assert found.at == pytest.approx(1795824612.123456)
