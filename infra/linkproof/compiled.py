"""The hot path of DNS, compiled by mypyc where it was built: `python -m linkproof.compiled` builds it, and importing chooses it.

What is built lies in a folder named by the sources' digest, so that a changed source is never run as what it was before: then, with another
Python, without a C compiler, or with `LINKPROOF_COMPILED=off`, the same modules run as Python. Both pass the same tests (`tools/compiled.sh`).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
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
    if os.environ.get(VARIABLE) == OFF:
        return python
    built = folder()
    if not (built / _FOLDER).is_dir():
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
    return Path(sys.prefix) / "share" / "linkproof" / "compiled" / name


def build() -> Path:
    """Compile, unless it is there; what was built of other sources goes.

    Returns:
        the folder.

    Raises:
        CannotCompileError: mypyc, setuptools or a C compiler is missing, or refused.
        OSError: the folder cannot be written.
    """
    built = folder()
    if built.is_dir():
        return built
    built.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=built.parent) as work:
        _compile(Path(work))
        for old in built.parent.glob(f"{sys.implementation.cache_tag}-*"):
            shutil.rmtree(old, ignore_errors=True)
        (Path(work) / "lib").rename(built)
    return built


def _compile(work: Path) -> None:
    """Leaves the libraries in `lib`."""
    arguments = ["--strict", "--follow-imports=silent", *map(str, SOURCES)]
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
    except (CannotCompileError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
