"""Whose a lock is: the dead's is removed, the living's never, and what cannot be known is said."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from infra.engine.lock import Lock, locks, restore_state
from infra.engine.survivors import wait_for_survivors
from infra.errors import LinkproofError


def lock(pid: int, host: str | None = None, file: Path = Path("lock.json")) -> Lock:
    return Lock(file, pid, host or socket.gethostname())


@contextmanager
def running(command: list[str], cwd: Path | None = None) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_lock_of_a_dead_process_is_not_held() -> None:
    with running([sys.executable, "-c", "pass"]) as ended:
        ended.wait(30)
    assert lock(ended.pid).is_held is False


def test_a_lock_of_a_living_engine_is_held(tmp_path: Path) -> None:
    """Its name on Linux is that of its file."""
    named = tmp_path / "pulumi"
    named.symlink_to("/bin/sleep")
    with running([str(named), "60"]) as engine:
        # the kernel names a process a moment after its start is reported
        until = time.monotonic() + 20
        while Path(f"/proc/{engine.pid}/comm").read_text().strip() != "pulumi":
            assert time.monotonic() < until, "never named"
        assert lock(engine.pid).is_held is True


def test_a_pid_that_was_given_to_another_program_holds_nothing() -> None:
    with running(["/bin/sleep", "60"]) as other:
        assert lock(other.pid).is_held is False


def test_a_lock_of_another_host_cannot_be_known() -> None:
    assert lock(os.getpid(), "another.example").is_held is None
    assert lock(os.getpid(), "another.example").holder == f"process {os.getpid()} on another.example"


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
    assert locks(f"file://{tmp_path}", "linkproof", "dev") == [Lock(mine, 41, "here.example")]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"pid": "x", "hostname": "h"}', '{"pid": null, "hostname": "h"}', "\udcff"]
)
def test_a_lock_that_cannot_be_read_is_nobody_s_to_remove(tmp_path: Path, text: str) -> None:
    file = write(tmp_path, "dev", "torn.json", "")
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    (found,) = locks(f"file://{tmp_path}", "linkproof", "dev")
    assert found.is_held is None


@pytest.mark.parametrize("url", ["s3://bucket", "https://api.pulumi.com", "", "file:///no/such/folder"])
def test_a_backend_without_lock_files_here_has_none(url: str) -> None:
    assert locks(url, "linkproof", "dev") == []


# survivors ----------------------------------------------------------------------------------------
def orphan(folder: Path, mark: str) -> int:
    """A process whose parent ended, with the mark in its command line."""
    program = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).pid)"
    done = subprocess.run(
        [sys.executable, "-c", program, mark], cwd=folder, capture_output=True, text=True, check=True, timeout=30
    )
    return int(done.stdout)


def test_an_orphaned_provider_of_this_project_is_waited_for(tmp_path: Path) -> None:
    pid = orphan(tmp_path, "pulumi-resource-aws")
    try:
        with pytest.raises(LinkproofError, match=str(pid)):
            wait_for_survivors(tmp_path, seconds=0.2)
        other = tmp_path / "other-project"
        other.mkdir()
        wait_for_survivors(other, seconds=0.2)
    finally:
        os.kill(pid, 9)
    wait_for_survivors(tmp_path, seconds=20)


def test_an_orphaned_language_host_waits_for_ever_and_is_ended(tmp_path: Path) -> None:
    pid = orphan(tmp_path, "pulumi-language-python")
    wait_for_survivors(tmp_path, seconds=20)
    until = time.monotonic() + 20
    while Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes():
        assert time.monotonic() < until, "it still runs"
        time.sleep(0.01)


def test_an_orphan_that_is_no_engine_s_is_not_waited_for(tmp_path: Path) -> None:
    pid = orphan(tmp_path, "something-else")
    try:
        wait_for_survivors(tmp_path, seconds=0.2)
    finally:
        os.kill(pid, 9)


def test_a_state_that_was_being_written_is_put_back_from_its_backup(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "linkproof"
    folder.mkdir(parents=True)
    (folder / "dev.json.bak").write_text("{}")
    assert restore_state(f"file://{tmp_path}", "linkproof", "dev")
    assert (folder / "dev.json").read_text() == "{}"


def test_a_state_that_is_there_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "linkproof"
    folder.mkdir(parents=True)
    (folder / "dev.json.bak").write_text('"old"')
    (folder / "dev.json").write_text('"new"')
    assert not restore_state(f"file://{tmp_path}", "linkproof", "dev")
    assert (folder / "dev.json").read_text() == '"new"'
    assert not restore_state("s3://bucket", "linkproof", "dev")


@pytest.mark.parametrize("torn", ["", '{"checkpoint": {"la'])
def test_a_torn_state_is_put_back_and_torn_attributes_go(tmp_path: Path, torn: str) -> None:
    folder = tmp_path / ".pulumi" / "stacks" / "linkproof"
    folder.mkdir(parents=True)
    (folder / "dev.json.bak").write_text('{"n": 1}')
    (folder / "dev.json").write_text(torn)
    (folder / "dev.json.attrs").write_text("")
    (folder / "dev.json.bak.attrs").write_text("{}")
    (folder / "other.json.attrs").write_text("")
    assert restore_state(f"file://{tmp_path}", "linkproof", "dev")
    assert (folder / "dev.json").read_text() == '{"n": 1}'
    assert not (folder / "dev.json.attrs").exists()
    assert (folder / "dev.json.bak.attrs").exists()
    assert (folder / "other.json.attrs").exists(), "another stack's"
