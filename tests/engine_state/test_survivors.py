"""What outlives a killed engine: waited for, or ended where it is certain whose it is."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from linkproof.engine import processes
from linkproof.engine.survivors import Whose, end_survivors
from linkproof.errors import LinkproofError

DECLARATION, BACKEND = "stacks/dev.yaml", "file:///states"
SLEEP = "import time; time.sleep(60)"


def orphan(folder: Path, *arguments: str, **environment: str) -> int:
    """A process whose parent has ended."""
    program = (
        "import subprocess, sys; print(subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL,"
        " stderr=subprocess.DEVNULL).pid)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, sys.executable, "-c", SLEEP, *arguments],
        cwd=folder,
        env={**{name: value for name, value in os.environ.items() if name not in MINE}, **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    pid = int(done.stdout)
    until = time.monotonic() + 20
    while (found := processes.process(pid)) is None or SLEEP not in found.arguments:
        assert time.monotonic() < until, "never started"
    return pid


@contextmanager
def living(pid: int) -> Iterator[int]:
    try:
        yield pid
    finally:
        if is_alive(pid):
            os.kill(pid, 9)


def is_alive(pid: int) -> bool:
    found = processes.process(pid)
    return found is not None and SLEEP in found.arguments


def run(folder: Path, seconds: float = 0.2) -> list[str]:
    said: list[str] = []
    end_survivors(Whose(folder, "linkproof", DECLARATION, BACKEND), said.append, seconds)
    return said


def dead_engine() -> str:
    """An address on which nobody listens any more."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return f"127.0.0.1:{listening.getsockname()[1]}"


def test_a_provider_that_may_have_an_engine_is_waited_for_and_never_ended(tmp_path: Path) -> None:
    with living(orphan(tmp_path, "pulumi-resource-aws")) as pid:
        with pytest.raises(LinkproofError, match=str(pid)):
            run(tmp_path)
        assert is_alive(pid)
    assert run(tmp_path, 20) == []


def test_a_dead_engine_s_provider_is_ended_when_it_does_not_end_itself(tmp_path: Path) -> None:
    """A real one lives five minutes more."""
    with living(orphan(tmp_path, "/x/pulumi-resource-cloudflare", dead_engine())) as pid:
        (said,) = run(tmp_path)
        assert (
            said
            == f"ended the dead engine's provider {pid} (pulumi-resource-cloudflare), which had been waiting for it"
        )
        assert not is_alive(pid)


def test_a_provider_whose_engine_still_listens_is_never_ended(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as engine:
        address = f"127.0.0.1:{engine.getsockname()[1]}"
        with living(orphan(tmp_path, "pulumi-resource-aws", address)) as pid:
            with pytest.raises(LinkproofError, match="still work"):
                run(tmp_path)
            assert is_alive(pid)


MINE = {"LINKPROOF_DECLARATION": DECLARATION, "PULUMI_BACKEND_URL": BACKEND, "PULUMI_PROJECT": "linkproof"}


def test_a_provider_of_another_project_s_folder_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other-project"
    other.mkdir()
    with living(orphan(tmp_path, "pulumi-resource-aws", dead_engine())) as pid:
        assert run(other) == []
        assert is_alive(pid)
        assert len(run(tmp_path)) == 1


@pytest.mark.parametrize("other", [
    {"LINKPROOF_DECLARATION": "stacks/prod.yaml"}, {"PULUMI_BACKEND_URL": "s3://states"}, {"PULUMI_PROJECT": "other"},
])  # fmt: skip
def test_a_provider_of_another_stack_backend_or_project_is_left_alone(tmp_path: Path, other: dict[str, str]) -> None:
    with living(orphan(tmp_path, "pulumi-resource-aws", dead_engine(), **(MINE | other))) as pid:
        assert run(tmp_path) == []
        assert is_alive(pid)


def test_a_provider_is_known_by_what_its_engine_handed_down_wherever_it_works(tmp_path: Path) -> None:
    """The program's folder may be a link to elsewhere."""
    project = tmp_path / "project"
    project.mkdir()
    with living(orphan(tmp_path, "pulumi-resource-aws", dead_engine(), **MINE)) as pid:
        assert len(run(project)) == 1
        assert not is_alive(pid)


def test_a_provider_below_a_living_engine_is_no_orphan(tmp_path: Path) -> None:
    """Also in a folder whose name has spaces, and with a process between the two."""
    folder = tmp_path / "my links"
    folder.mkdir()
    named = folder / "pulumi"
    named.symlink_to("/bin/sh")
    inner = f"{sys.executable} -c '{SLEEP}' pulumi-resource-aws {dead_engine()} & echo $!; wait"
    engine = subprocess.Popen(
        [str(named), "-c", f'sh -c "{inner.replace("$", chr(92) + "$")}"; true'], cwd=folder, stdout=subprocess.PIPE
    )
    try:
        assert engine.stdout is not None
        with living(int(engine.stdout.readline())) as pid:
            assert run(folder) == []
            assert is_alive(pid)
    finally:
        engine.kill()
        engine.communicate()


def test_a_command_line_is_not_cut_at_spaces(tmp_path: Path) -> None:
    """A folder's name with a space hides no provider, and a word in a sentence makes none."""
    folder = tmp_path / "my links"
    folder.mkdir()
    with (
        living(orphan(folder, "/my plugins/pulumi-resource-aws", dead_engine())) as pid,
        living(orphan(folder, "looks for pulumi-resource-aws in logs", dead_engine())) as other,
    ):
        assert len(run(folder)) == 1
        assert not is_alive(pid)
        assert is_alive(other)


def test_an_orphaned_language_host_waits_for_ever_and_is_ended(tmp_path: Path) -> None:
    with living(orphan(tmp_path, "pulumi-language-python")) as pid:
        run(tmp_path)
        until = time.monotonic() + 20
        while is_alive(pid):
            assert time.monotonic() < until, "it still runs"
            time.sleep(0.01)


def test_an_orphan_that_is_no_engine_s_is_not_waited_for(tmp_path: Path) -> None:
    with living(orphan(tmp_path, "something-else")):
        assert run(tmp_path) == []
