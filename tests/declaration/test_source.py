"""Bytes from files and from revisions, with a real git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from linkproof.declaration.source import SourceError, TooLargeError, read_source
from linkproof.declaration.text import MOST_BYTES


def _git(*arguments: str, cwd: Path) -> None:
    identity = {
        "GIT_AUTHOR_NAME": "t",
        "GIT_AUTHOR_EMAIL": "t@example.com",
        "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.com",
    }
    isolated = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(
        ["git", *arguments], cwd=cwd, check=True, capture_output=True, env={**os.environ, **identity, **isolated}
    )


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    _git("init", "-q", "-b", "main", cwd=tmp_path)
    (tmp_path / "stacks").mkdir()
    (tmp_path / "stacks" / "dev.yaml").write_text("version: 1\n")
    (tmp_path / "stacks" / "big.yaml").write_bytes(b"#" * (MOST_BYTES + 1))
    _git("add", ".", cwd=tmp_path)
    _git("commit", "-q", "-m", "one", cwd=tmp_path)
    (tmp_path / "stacks" / "dev.yaml").write_text("version: 1 # changed\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_file_is_read_as_it_is(repository: Path) -> None:
    assert read_source("stacks/dev.yaml") == (b"version: 1 # changed\n", "stacks/dev.yaml")


def test_a_revision_is_read_as_it_was(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_source("HEAD:stacks/dev.yaml") == (b"version: 1\n", "HEAD:stacks/dev.yaml")
    assert read_source("main:./stacks/dev.yaml")[0] == b"version: 1\n"
    monkeypatch.chdir(repository / "stacks")
    assert read_source("main:./dev.yaml")[0] == b"version: 1\n"


def test_a_file_whose_name_has_a_colon_wins(repository: Path) -> None:
    (repository / "HEAD:x.yaml").write_text("file\n")
    assert read_source("HEAD:x.yaml")[0] == b"file\n"


@pytest.mark.parametrize(
    ("spec", "words"),
    [("nowhere:stacks/dev.yaml", "no revision 'nowhere'"), ("HEAD:stacks/none.yaml", "no file 'stacks/none.yaml'"), ("HEAD:stacks", "no file 'stacks'"),
     ("HEAD:", "neither a file nor REV:path"), (":x", "neither a file nor REV:path"), ("none.yaml", "cannot be read"), ("stacks", "cannot be read"),
     ("--output=pwned:stacks/dev.yaml", "no revision"), ("a\0b", "cannot be read"), ("HEAD:a\0b", "git did not answer")],
)  # fmt: skip
def test_what_cannot_be_read_says_why_and_what_to_do(repository: Path, spec: str, words: str) -> None:
    with pytest.raises(SourceError) as raised:
        read_source(spec)
    assert words in raised.value.problem
    assert raised.value.fix
    assert raised.value.exit_code == 2
    assert not (repository / "pwned").exists()


@pytest.mark.parametrize("spec", ["stacks/big.yaml", "HEAD:stacks/big.yaml"])
def test_a_large_file_is_refused_before_it_is_read(repository: Path, spec: str) -> None:
    with pytest.raises(TooLargeError) as raised:
        read_source(spec)
    assert raised.value.size_bytes == MOST_BYTES + 1


def test_outside_a_repository_the_fix_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(SourceError, match="no git repository"):
        read_source("HEAD:x.yaml")


def test_an_endless_device_is_read_no_further_than_the_limit() -> None:
    with pytest.raises(TooLargeError):
        read_source("/dev/zero")
