"""The hot path of DNS, compiled by mypyc where it was built: `python -m linkproof.compiled` builds it, and importing chooses it.

What is built lies in a folder named by the sources' digest, so that a changed source is never run as what it was before: then, with another
Python, without a C compiler, or with `LINKPROOF_COMPILED=off`, the same modules run as Python. Both pass the same tests (`tools/compiled.sh`).
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from importlib.machinery import EXTENSION_SUFFIXES
from importlib.util import find_spec
from pathlib import Path

from linkproof.errors import LinkproofError

VARIABLE, OFF = "LINKPROOF_COMPILED", "off"
PACKAGE = "linkproof.verify.observe.dns"
MODULES = (
    "attempts",
    "congestion_window",
    "datagram_pool",
    "datagram_socket",
    "fast_reader",
    "pending_question",
    "query",
    "timer_wheel",
)
_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = Path(*PACKAGE.split("."))
SOURCES = tuple(_FOLDER / f"{module}.py" for module in MODULES)
# What the compiler is asked for: setuptools takes it from a program of this form.
_SETUP = """
from mypyc.build import mypycify
from setuptools import setup

setup(name="linkproof-compiled", packages=[], ext_modules=mypycify({arguments!r}, opt_level="3"))
"""


class CannotCompileError(LinkproofError):
    """There is no compiler, or it refused; the modules run as Python as before."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the modules cannot be compiled, and run as Python: {reason}",
            "pip install mypy setuptools, and install a C compiler with Python's headers (Debian: gcc python3-dev)",
        )


def path_of(python: list[str]) -> list[str]:
    """Where the modules of the package are looked for.

    Args:
        python: the `__path__` of the package as it is.
    """
    if os.environ.get(VARIABLE) == OFF or not _place().is_dir():
        return python
    try:
        built = folder()
    except OSError:
        return python  # no sources lie there, as in an archive
    if not _is_whole(built):
        return python
    if str(built) not in sys.path:
        sys.path.append(str(built))  # the modules share one library, which they import by its name
    return [str(built / _FOLDER), *python]


@cache
def folder() -> Path:
    """Where what is built of these very sources lies, for this Python."""
    digest = hashlib.sha256()
    for source in SOURCES:
        digest.update((_ROOT / source).read_bytes())
    name = f"{sys.implementation.cache_tag}-{digest.hexdigest()[:16]}"
    return _place() / name


def _place() -> Path:
    return Path(sys.prefix) / "share" / "linkproof" / "compiled"


def _is_whole(built: Path) -> bool:
    """Whether each module is there and the library that they share: without it none could be imported, and nothing would run."""
    suffix = EXTENSION_SUFFIXES[0]
    return all((built / _FOLDER / f"{module}{suffix}").is_file() for module in MODULES) and any(
        built.glob(f"*__mypyc{suffix}")
    )


def build() -> Path:
    """Compile, unless it is there; what was built of other sources goes.

    Returns:
        the folder.

    Raises:
        CannotCompileError: mypyc, setuptools or a C compiler is missing, or refused.
        OSError: the folder cannot be written.
    """
    built = folder()
    if _is_whole(built):
        return built
    if missing := [name for name in ("mypyc", "setuptools") if find_spec(name) is None]:
        raise CannotCompileError(f"not installed: {', '.join(missing)}")
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built.parent) as work:
        _compile(Path(work))
        _put(Path(work), built)
    return built


def _put(work: Path, built: Path) -> None:
    """What is replaced is moved away before it is deleted, so that nobody meets a half of it; another build may have been first."""
    for old in built.parent.glob(f"{sys.implementation.cache_tag}-*"):
        if old != built or not _is_whole(old):
            with contextlib.suppress(OSError):
                old.rename(work / old.name)
    try:
        (work / "lib").rename(built)
    except OSError:
        if not _is_whole(built):
            raise


def _compile(work: Path) -> None:
    """Leaves the libraries in `lib`."""
    # no config file: mypy would take that of the project in whose folder the environment lies
    arguments = ["--strict", "--config-file=", "--follow-imports=silent", *map(str, SOURCES)]
    # the whole package is what the types are read from; beside it mypy would find the installed one
    shutil.copytree(_ROOT / "linkproof", work / "linkproof", ignore=shutil.ignore_patterns("__pycache__"))
    (work / "setup.py").write_text(_SETUP.format(arguments=arguments))
    command = [sys.executable, "setup.py", "build_ext", "--build-lib", "lib"]
    environment = {**os.environ, VARIABLE: OFF, "MYPYPATH": str(work)}
    done = subprocess.run(command, cwd=work, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotCompileError((done.stdout + done.stderr).strip()[-2000:])


def main() -> int:
    """Build, and say where."""
    try:
        sys.stdout.write(f"{build()}\n")
    except CannotCompileError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except OSError as error:
        fix = "install linkproof, mypy and setuptools into an environment that you may write to (python -m venv DIR), and run this with its Python"
        sys.stderr.write(f"error: {error}\n  fix: {fix}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
