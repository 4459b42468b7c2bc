"""`linkproof` commands as processes of their own, forked from one that has imported everything already.

Half of what a short command takes is importing, and the tests run well over a thousand. Each is still a process
with its own arguments, environment, folder and streams; only its modules are not read again.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import select
import subprocess
import sys
import tempfile
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import IO, Any

_MODULE = "linkproof.commands.main"
# Imported by the engine's own processes alone, or by what is not installed.
_NOT_FOR_COMMANDS = ("linkproof.providers", "linkproof.program", "linkproof.in_parts")


class Forks:
    """Runs one command at a time; one that comes meanwhile has Python started for it."""

    def __init__(self) -> None:
        self._busy = threading.Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(
        self, arguments: list[str], cwd: Path, environment: dict[str, str], timeout_seconds: float
    ) -> subprocess.CompletedProcess[str]:
        """As `subprocess.run` would, with standard input empty and both outputs kept as text.

        Raises:
            subprocess.TimeoutExpired: it did not end in time, and was ended.
        """
        if not self._busy.acquire(blocking=False):
            return _by_itself(arguments, cwd, environment, timeout_seconds)
        try:
            with tempfile.TemporaryDirectory() as folder:
                wanted = {"arguments": arguments, "cwd": str(cwd), "environment": environment, "streams": folder}
                code = self._ask(wanted, timeout_seconds)
                out, err = (Path(folder, name).read_text() for name in ("stdout", "stderr"))
            return subprocess.CompletedProcess([_MODULE, *arguments], code, out, err)
        finally:
            self._busy.release()

    def _ask(self, wanted: dict[str, Any], timeout_seconds: float) -> int:
        if self._process is None or self._process.poll() is not None:
            self._process = _start(wanted["environment"])
            atexit.register(self.stop)
        asked, answered = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answered is not None
        asked.write(json.dumps(wanted) + "\n")
        asked.flush()
        child = int(answered.readline())
        ready, _, _ = select.select([answered], [], [], timeout_seconds)
        if not ready:
            os.kill(child, 9)
            answered.readline()
            raise subprocess.TimeoutExpired(wanted["arguments"], timeout_seconds)
        return int(answered.readline())

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            assert self._process.stdin is not None
            self._process.stdin.close()
            self._process.wait(10)


def _by_itself(
    arguments: list[str], cwd: Path, environment: dict[str, str], timeout_seconds: float
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", _MODULE, *arguments],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout_seconds,
        stdin=subprocess.DEVNULL,
    )


def _start(environment: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.forked"]
    return subprocess.Popen(
        command,
        cwd=Path(__file__).resolve().parents[1],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )


FORKS = Forks()


# in the process that forks ---------------------------------------------------------------------------------------------
def main() -> None:
    """Fork for each line of standard input; write the child's id when it starts and its exit code when it has ended."""
    said = os.fdopen(os.dup(1), "w", buffering=1)
    asked = os.fdopen(os.dup(0))
    _import_all()
    gc.freeze()
    for line in asked:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            said.close()
            asked.close()
            _be(wanted)
        said.write(f"{child}\n")
        _, status = os.waitpid(child, 0)
        said.write(f"{os.waitstatus_to_exitcode(status)}\n")


def _import_all() -> None:
    import linkproof

    for found in pkgutil.walk_packages(linkproof.__path__, "linkproof."):
        if not found.name.startswith(_NOT_FOR_COMMANDS) and not found.name.endswith((".component", ".provider")):
            with contextlib.suppress(ImportError):
                import_module(found.name)


def _be(wanted: dict[str, Any]) -> None:
    """Become the command; never returns."""
    code = 70
    try:
        os.chdir(wanted["cwd"])
        os.environ.clear()
        os.environ.update(wanted["environment"])
        time.tzset()
        streams = Path(wanted["streams"])
        for number, path in enumerate((Path(os.devnull), streams / "stdout", streams / "stderr")):
            opened = os.open(path, os.O_WRONLY | os.O_CREAT if number else os.O_RDONLY)
            os.dup2(opened, number)
            os.close(opened)
        sys.stdin = _stream(0, "r")
        sys.stdout = _stream(1, "w")
        sys.stderr = _stream(2, "w", "backslashreplace")
        # by it the command names itself in its usage
        sys.modules["__main__"] = sys.modules[_MODULE]
        sys.argv = [sys.modules[_MODULE].__file__ or _MODULE, *wanted["arguments"]]
        code = _ended(sys.modules[_MODULE].main)
    finally:
        os._exit(code)


def _ended(command: Any) -> int:
    """Run it to its end, as the interpreter does: threads, exit functions, streams."""
    code: Any = 0
    try:
        command()
    except SystemExit as stop:
        code = stop.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    if isinstance(code, str):
        os.write(2, f"{code}\n".encode())
        return 1
    return int(code or 0)


def _stream(number: int, mode: str, errors: str = "strict") -> IO[str]:
    # the interpreter gives 1 and 2 these encodings where the locale is UTF-8 or C
    return open(number, mode, encoding="utf-8", errors=errors, closefd=False)


if __name__ == "__main__":
    main()
