"""A network namespace for one measurement: its own port 53, and nothing but itself to reach."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

# The words after `python -m MODULE` that mean "you are inside already".
INSIDE = "--inside"


class CannotMeasureError(Exception):
    """Something that the measurement needs is missing; the message says what, and how to get it."""


def need(*programs: str) -> None:
    """Fail early and in plain words.

    Raises:
        CannotMeasureError: a program is not installed.
    """
    missing = [name for name in programs if shutil.which(name) is None]
    if missing:
        raise CannotMeasureError(
            f"{', '.join(missing)} not found: apt-get install knot unbound nginx-light dnsperf iproute2 util-linux"
        )


def lines_from_inside(module: str, *arguments: str) -> Iterator[dict[str, Any]]:
    """Run `python -m MODULE --inside ARGUMENTS` in a new namespace and give its JSON lines as they come.

    Raises:
        CannotMeasureError: there is no namespace to be had, or the program inside failed.
    """
    need("unshare", "setpriv", "ip")
    command = [*new_namespace(), sys.executable, "-m", module, INSIDE, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        raise CannotMeasureError(f"`{' '.join(command)}` ended with {process.returncode}, see above")


def new_namespace() -> list[str]:
    """Network and processes of its own: when whoever asked is gone, everything inside ends, whatever it was doing."""
    as_root = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["setpriv", "--pdeathsig", "KILL", "unshare", "--net", "--pid", "--kill-child", "--mount-proc", *as_root]


def alone(rows: Callable[..., Iterable[object]], inside: Callable[..., None]) -> None:
    """What `python -m bench.NAME [SIZE]` does: outside it prints rows, inside it measures.

    Args:
        rows: makes the table's rows; takes the size, if one is given.
        inside: measures; takes the words after `--inside`.
    """
    try:
        if INSIDE in sys.argv:
            inside(*sys.argv[sys.argv.index(INSIDE) + 1 :])
        else:
            print(*rows(*map(int, sys.argv[1:])), sep="\n")
    except CannotMeasureError as error:
        sys.exit(f"not measured: {error}")


def tell(**line: Any) -> None:
    """One JSON line for the program outside."""
    print(json.dumps(line), flush=True)


def bring_up_loopback() -> None:
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def linkproof() -> list[str]:
    """The command, from this repository rather than from wherever it is installed."""
    return [sys.executable, "-m", "linkproof.commands.main"]


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path
