"""What was compiled is used where it was built of these very sources, and nothing but Python elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest
from linkproof import compiled

WHICH = "import importlib, linkproof.verify.observe.dns as p; print(*[importlib.import_module(f'{p.__name__}.{m}').__file__ for m in %r])"


@pytest.fixture
def prefix(tmp_path, monkeypatch):
    """An environment in which nothing was built yet."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delenv(compiled.VARIABLE, raising=False)
    monkeypatch.setattr(compiled, "find_spec", lambda name: name)  # as where mypy is installed
    compiled.folder.cache_clear()
    yield tmp_path
    compiled.folder.cache_clear()


def built():
    for name in (*(source.with_suffix("") for source in compiled.SOURCES), "0123__mypyc"):
        file = compiled.folder() / f"{name}{EXTENSION_SUFFIXES[0]}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return compiled.folder()


def test_without_anything_built_the_modules_are_python(prefix):
    assert compiled.path_of(["python"]) == ["python"]


def test_what_was_built_of_these_sources_goes_first_and_can_be_switched_off(prefix, monkeypatch):
    folder = built()
    assert folder.is_relative_to(prefix)
    assert compiled.path_of(["python"]) == [str(folder / "linkproof/verify/observe/dns"), "python"]
    assert sys.path.count(str(folder)) == 1
    compiled.path_of(["python"])
    assert sys.path.count(str(folder)) == 1
    monkeypatch.setenv(compiled.VARIABLE, compiled.OFF)
    assert compiled.path_of(["python"]) == ["python"]


def test_a_source_that_changed_since_is_run_as_it_is(prefix, monkeypatch, tmp_path):
    built()
    copy = tmp_path / "copy"
    for source in compiled.SOURCES:
        (copy / source).parent.mkdir(parents=True, exist_ok=True)
        (copy / source).write_bytes((compiled._ROOT / source).read_bytes())
    monkeypatch.setattr(compiled, "_ROOT", copy)
    compiled.folder.cache_clear()
    assert len(compiled.path_of(["python"])) == 2, "the same sources elsewhere are the same"
    with (copy / compiled.SOURCES[0]).open("a") as source:
        source.write("# changed\n")
    compiled.folder.cache_clear()
    assert compiled.path_of(["python"]) == ["python"]


@pytest.mark.parametrize("lost", ["0123__mypyc", "linkproof/verify/observe/dns/query"])
def test_half_of_what_was_built_is_not_used_and_is_built_again(prefix, monkeypatch, lost):
    """Each module imports the shared library: where that alone is gone, no command would run."""
    folder = built()
    (folder / f"{lost}{EXTENSION_SUFFIXES[0]}").unlink()
    assert compiled.path_of(["python"]) == ["python"]
    monkeypatch.setattr(compiled, "_compile", lambda work: built().rename(work / "lib"))
    (folder.parent / f"{sys.implementation.cache_tag}-of-other-sources").mkdir()
    assert compiled.build() == folder
    assert compiled.path_of(["python"])[1:] == ["python"]
    assert list(folder.parent.iterdir()) == [folder]


def test_of_two_builds_at_once_the_first_stays(prefix, monkeypatch):
    def compile_beside_another(work):
        built().rename(work / "lib")
        (built() / "first").touch()

    monkeypatch.setattr(compiled, "_compile", compile_beside_another)
    assert (compiled.build() / "first").exists()
    assert len(list(compiled.folder().parent.iterdir())) == 1


def test_without_sources_the_modules_are_those_of_the_archive(prefix, monkeypatch, tmp_path):
    built()
    compiled.folder.cache_clear()
    (tmp_path / "archive.zip").touch()
    monkeypatch.setattr(compiled, "_ROOT", tmp_path / "archive.zip")
    assert compiled.path_of(["python"]) == ["python"]


def test_what_is_missing_is_named(prefix, monkeypatch, capsys):
    monkeypatch.setattr(compiled, "find_spec", lambda name: None if name == "mypyc" else name)
    assert compiled.main() == 2
    said = capsys.readouterr().err
    assert "run as Python: not installed: mypyc\n  fix: pip install mypy" in said
    assert "Traceback" not in said


def test_a_folder_that_cannot_be_written_is_said_with_a_way_out(prefix, capsys):
    (prefix / "share").touch()
    assert compiled.main() == 2
    said = capsys.readouterr().err
    assert str(prefix) in said
    assert "fix: install linkproof, mypy and setuptools into an environment" in said


def test_a_compiler_that_refuses_leaves_python_and_says_why(prefix, monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_SETUP", "raise SystemExit('no compiler: {arguments[0]}')")
    with pytest.raises(compiled.CannotCompileError, match="run as Python: no compiler: --strict") as caught:
        compiled.build()
    assert "python3-dev" in caught.value.fix
    assert list(compiled.folder().parent.iterdir()) == []
    assert compiled.path_of(["python"]) == ["python"]


def test_switched_off_every_module_is_python():
    environment = {**os.environ, compiled.VARIABLE: compiled.OFF}
    said = subprocess.run(
        [sys.executable, "-c", WHICH % (compiled.MODULES,)], env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {Path(path).suffix for path in said} == {".py"}
    assert len(said) == len(compiled.MODULES)
