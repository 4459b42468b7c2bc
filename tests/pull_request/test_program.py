"""`--run-program`: the project's own program, started without an engine, a credential or a network."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from linkproof.project import Project
from linkproof.pull_request.trial import try_program

from tests.commands.cli import REPOSITORY, linkproof
from tests.pull_request.repository import commit, one, write


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_repositorys_own_program_runs(stack: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "infra"))
    trial = try_program(Project(REPOSITORY), stack)
    assert (trial.error, trial.resources["aws:cloudfront/distribution:Distribution"] >= 1) == ("", True)


def test_an_exception_in_a_component_is_told_with_its_place_and_no_secret(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("live"))
    write(tmp_path, {
        "infra/component.py": "def build(plan):\n    raise KeyError('SG.' + 'aB3' * 8)\n",
        "infra/__main__.py": "from component import build\nbuild({})\n",
    })  # fmt: skip
    done = linkproof("diff", "HEAD", ".", "--markdown", "--run-program", cwd=tmp_path)
    assert done.returncode == 1
    assert "### linkproof: the program fails for prod" in done.stdout
    assert "KeyError" in done.stdout
    assert "infra/component.py:2" in done.stdout
    assert "aB3aB3" not in done.stdout


def test_what_the_program_refuses_is_told_in_its_own_words(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("live"))
    write(tmp_path, {"Pulumi.prod.yaml": "config: {'linkproof:accounts': {default: {awss: {}}}}\n"})
    done = linkproof("diff", "HEAD", ".", "--markdown", "--run-program", cwd=tmp_path)
    assert (done.returncode, "unknown key 'awss'" in done.stdout) == (1, True), done.stdout


def test_an_encrypted_secret_is_no_obstacle(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("live"))
    for config in (
        "'linkproof:secrets': {default: {awsAccessKey: {secure: 'v1:abc:def'}, awsSecretKey: {secure: 'v1:abc:def'}}}",
        "'linkproof:secrets': {secure: 'v1:abc:def'}",
    ):
        write(tmp_path, {"Pulumi.prod.yaml": f"config: {{{config}}}\n"})
        done = linkproof("diff", "HEAD", ".", "--markdown", "--run-program", cwd=tmp_path)
        assert done.returncode == 0, done.stdout
        assert "The program runs for prod, without an engine:" in done.stdout


def test_no_token_of_the_shell_reaches_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "a token")
    monkeypatch.setenv("CLOUDFLARE_API_TOKEN", "a token")
    commit(tmp_path, prod=one("live"))
    write(
        tmp_path, {"infra/__main__.py": "import os\nraise ValueError(sorted(n for n in os.environ if 'TOKEN' in n))\n"}
    )
    assert try_program(Project(tmp_path), "prod").error == "ValueError: [] (infra/__main__.py:2)"


def test_a_program_that_ends_its_process_or_never_ends_is_told(tmp_path: Path) -> None:
    commit(tmp_path, prod=one("live"))
    write(tmp_path, {"infra/__main__.py": "import os\nos._exit(3)\n"})
    assert try_program(Project(tmp_path), "prod").error == "the program ended with 3"
    write(tmp_path, {"infra/__main__.py": "import time\ntime.sleep(60)\n"})
    assert try_program(Project(tmp_path), "prod", timeout_seconds=3).error == "the program did not end within 3 s"


def test_it_needs_no_network(tmp_path: Path) -> None:
    """A socket that is opened to anywhere is an error."""
    commit(tmp_path, prod=one("live"))
    guard = "import socket\ndef refuse(*a, **k):\n    raise OSError('the network was asked')\nsocket.socket.connect = refuse\n"
    write(tmp_path, {"infra/__main__.py": f"{guard}from linkproof.program import run\nrun()\n"})
    assert try_program(Project(tmp_path), "prod").error == ""
    assert sys.executable
