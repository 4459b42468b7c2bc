"""Starts one real program before an origin, asks it, and ends it by its own id."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from linkproof.conformance.client.front import Front
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.origins import OwnOrigin
from linkproof.conformance.run.run import conform
from linkproof.conformance.run.session import Limits, Session

from tests.conformance.conftest import HOST, Authority
from tests.conformance.programs import configurations
from tests.conformance.programs.configurations import Place
from tests.ports import free_port

_START_SECONDS = 60
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


@dataclass(frozen=True)
class Program:
    """Args:
    label: what of its configuration is worth saying.
    says_version: arguments by which it does.
    """

    name: str
    command: Callable[[Place], list[str]]
    binary: str
    label: str = ""
    says_version: tuple[str, ...] = ("-v",)

    def found(self, folder: Path | None = None) -> str | None:
        """The executable, in a folder or on the path."""
        path = _PATH if folder is None else f"{folder}:{_PATH}"
        return shutil.which(self.binary, path=path)

    def title(self, version: str) -> str:
        """As the page calls it."""
        name = f"{self.name.removesuffix('-slash')} {version}"
        return f"{name}, {self.label}" if self.label else name

    def version(self, executable: str) -> str:
        done = subprocess.run([executable, *self.says_version], capture_output=True, text=True, timeout=30, check=False)
        match = re.search(r"\d+\.\d+\.\d+", done.stdout + done.stderr)
        return match[0] if match else "unknown"


PROGRAMS = {
    one.name: one
    for one in (
        Program("nginx", configurations.nginx, "nginx", "`proxy_pass https://up;`"),
        Program("nginx-slash", configurations.nginx_slash, "nginx", "`proxy_pass https://up/;`"),
        Program("haproxy", configurations.haproxy, "haproxy"),
        Program("apache", configurations.apache, "apache2"),
        Program("caddy", configurations.caddy, "caddy", says_version=("version",)),
        Program("varnish", configurations.varnish, "varnishd", "without TLS", ("-V",)),
        Program("lighttpd", configurations.lighttpd, "lighttpd", "without TLS"),
        Program("h2o", configurations.h2o, "h2o"),
        Program("traefik", configurations.traefik, "traefik", says_version=("version",)),
        Program("envoy", configurations.envoy, "envoy", says_version=("--version",)),
    )
}


async def asked(
    program: Program, executable: str, authority: Authority, limits: Limits, only: Collection[str] = ()
) -> Conformance:
    """What the suite says of the program in its least configuration."""
    # varnish's worker reads its folder as another user, and a socket's name is short
    with tempfile.TemporaryDirectory(prefix="edge") as name:
        folder = Path(name)
        os.chmod(name, 0o755)  # noqa: PTH101
        origin = authority.origin()
        port = free_port("127.0.0.1", "::1")
        for address in ("127.0.0.1", "::1"):
            await origin.listen(address, port)
        place = Place(folder, authority, free_port(), free_port(), port)
        command = program.command(place)
        environment = {
            "PATH": _PATH,
            "HOME": name,
            "XDG_DATA_HOME": name,
            "XDG_CONFIG_HOME": name,
            "SSL_CERT_FILE": str(authority.root),
        }
        log = (folder / "log").open("wb")
        process = await asyncio.create_subprocess_exec(
            executable, *command[1:], env=environment, cwd=name, stdout=log, stderr=log
        )
        try:
            await _listening(process, place.http, folder / "log")
            front = Front(HOST, ("127.0.0.1",), place.http, place.https, authority.root)
            session = Session(front, OwnOrigin(origin), limits=limits)
            await _forwarding(session)
            return await conform(session, only=only)
        finally:
            with suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 10)
            except TimeoutError:
                process.kill()
                await process.wait()
            log.close()
            await origin.stop()


async def _forwarding(session: Session) -> None:
    """Some listen before they have read whereto; one that never forwards is the suite's to tell."""
    for _ in range(100):
        if (await session.ask()).arrived or (await session.ask(scheme="http")).arrived:
            return
        await asyncio.sleep(0.1)


def _said(log: Path) -> str:
    return log.read_text()[-2000:]


async def _listening(process: asyncio.subprocess.Process, port: int, log: Path) -> None:
    async def until() -> None:
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.returncode is not None:
                    raise RuntimeError(f"it ended with {process.returncode}: {_said(log)}") from None
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return

    try:
        await asyncio.wait_for(until(), _START_SECONDS)
    except TimeoutError:
        raise RuntimeError(f"it does not listen: {_said(log)}") from None
