"""Whether the locked requirements are what pyproject.toml asks for: nothing missing, nothing outdated, nothing besides.

`python -m tools.locks` looks at every lock, without a network: what a package needs is read from the environment that
was made of the lock. Exit code 1 where a lock is not fresh.
"""

from __future__ import annotations

import itertools
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
FIX = "run `make lock`, then `make setup`"
# Lock → the extras of pyproject.toml that it holds beside the package's own dependencies.
LOCKS = {"requirements.txt": ("dev",), "infra/requirements.txt": ("aws", "cloudflare")}
# Where what is locked may be installed: a lock holds for all of them.
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
_SYSTEMS = (("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt"))
_KINDS = (("cpython", "CPython"), ("pypy", "PyPy"))
_MACHINES = ("x86_64", "aarch64", "arm64")


@dataclass(frozen=True, slots=True)
class Locked:
    """One entry of a lock."""

    name: str
    version: Version
    is_everywhere: bool
    has_hash: bool


# The requirements of an installed package of this version; None where it is not installed.
Requires = Callable[[str], tuple[Version, Sequence[str]] | None]


def normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock(text: str) -> dict[str, Locked]:
    """The entries by name."""
    found = {}
    for entry in re.sub(r"\\\n", " ", text).splitlines():
        line, *hashes = entry.split("--hash=")
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        requirement = Requirement(line.strip())
        (pin,) = requirement.specifier
        name = normalized(requirement.name)
        found[name] = Locked(name, Version(pin.version), requirement.marker is None, bool(hashes))
    return found


def everywhere() -> list[dict[str, str]]:
    """Every environment that a lock is for, as markers see it."""
    return [
        {
            "python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform,
            "platform_system": system, "os_name": os_name, "implementation_name": kind,
            "platform_python_implementation": python_kind, "platform_machine": machine,
        }
        for python, (platform, system, os_name), (kind, python_kind), machine
        in itertools.product(PYTHONS, _SYSTEMS, _KINDS, _MACHINES)
    ]  # fmt: skip


def brought(
    wanted: Iterable[Requirement], requires: Requires, environments: Sequence[Mapping[str, str]]
) -> Iterator[tuple[str, Requirement]]:
    """Everything that these requirements bring in one of the environments: who asks, and for what.

    Args:
        environments: what markers are read with; an empty one is the interpreter's own.
    """
    waiting = [("pyproject.toml", requirement) for requirement in wanted]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        who, requirement = waiting.pop()
        yield who, requirement
        name, extras = normalized(requirement.name), frozenset(requirement.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        installed = requires(name)
        for text in installed[1] if installed is not None else ():
            needed = Requirement(text)
            marker = needed.marker
            contexts = ({**one, "extra": extra} for one in environments for extra in (extras or ("",)))
            if marker is None or any(marker.evaluate(context) for context in contexts):
                waiting.append((name, needed))


def problems(wanted: Iterable[Requirement], lock: Mapping[str, Locked], requires: Requires) -> Iterator[str]:
    """What is not fresh about one lock."""
    needed: set[str] = set()
    for who, requirement in brought(wanted, requires, everywhere()):
        name = normalized(requirement.name)
        locked = lock.get(name)
        if locked is None:
            if name not in needed:
                yield f"{name} is missing: {who} needs {requirement}"
        elif not requirement.specifier.contains(locked.version, prereleases=True):
            yield f"{name} is locked at {locked.version}: {who} needs {requirement}"
        needed.add(name)
    for name, locked in sorted(lock.items()):
        installed = requires(name)
        if name not in needed:
            yield f"{name} is locked and nothing needs it"
        if not locked.has_hash:
            yield f"{name} has no hash"
        if installed is None and locked.is_everywhere:
            yield f"{name} is locked and not installed, so what it needs is not known"
        elif installed is not None and installed[0] != locked.version:
            yield f"{name} is locked at {locked.version} and installed at {installed[0]}"


def wanted_by(project: Mapping[str, object], extras: Iterable[str]) -> Iterator[Requirement]:
    """The direct requirements of pyproject.toml's `project` with these extras, those that name the project resolved."""
    optional = project.get("optional-dependencies", {})
    assert isinstance(optional, Mapping)
    direct = project["dependencies"]
    assert isinstance(direct, list)
    waiting, seen = [*direct, *(text for extra in extras for text in optional[extra])], set(extras)
    for text in waiting:  # grows under way
        requirement = Requirement(text)
        if normalized(requirement.name) != project["name"]:
            yield requirement
            continue
        for extra in requirement.extras - seen:
            seen.add(extra)
            waiting += optional[extra]


def installed_here(name: str) -> tuple[Version, Sequence[str]] | None:
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    return Version(found.version), found.requires or ()


def main() -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    stale = 0
    for file, extras in LOCKS.items():
        lock = read_lock((ROOT / file).read_text())
        for problem in problems(wanted_by(project, extras), lock, installed_here):
            print(f"{file}: {problem}", file=sys.stderr)
            stale += 1
    if stale:
        print(f"error: {stale} of the locks' entries are not fresh\n  fix: {FIX}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
