"""One real server with the configuration that a plug-in renders, between a viewer and an origin."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from linkproof.contract.server import Origin as Asked
from linkproof.contract.server import Rendered, Server

from tests.ports import free_port
from tests.servers import programs
from tests.servers.names import Names
from tests.servers.origin import Origin
from tests.servers.placed import certificates, loopback, placed, written
from tests.servers.programs import Program, Running
from tests.servers.viewer import Viewer

# Sent the viewer's Host, as SendGrid and SES want it; its own, and told the click host beside, as SparkPost; both, as Braze.
SENDGRID, SPARKPOST, BRAZE = "url1.example.net", "click.example.net", "braze.example.net"
# Its origin has another name's certificate.
IMPOSTOR = "impostor.example.net"
ORIGINS = {
    SENDGRID: Asked("host.example.org", sends_host=True, says_host=False),
    SPARKPOST: Asked("own.example.org", sends_host=False, says_host=True),
    BRAZE: Asked("host.example.org", sends_host=True, says_host=True),
    IMPOSTOR: Asked("wrong.example.org", sends_host=True, says_host=False),
}
NAMES_OF_CERTIFICATE = ("host.example.org", "own.example.org")
CHALLENGE = "/.well-known/acme-challenge/"
ANSWERED = "token-1.thumbprint"


@dataclass
class World:
    """What a test of a real server has.

    Args:
        at_origin: where the origins' names lead.
        elsewhere: listens at another address; nothing leads there until a test says so.
    """

    program: Program
    server: Server
    rendered: Rendered
    folder: Path
    names: Names
    at_origin: Origin
    elsewhere: Origin
    viewer: Viewer
    over_ipv6: Viewer
    running: Running = field(init=False)

    @property
    def log(self) -> str:
        """All that the program wrote down anywhere."""
        files = [file for file in self.folder.rglob("*") if file.suffix in (".log", ".txt") and file.is_file()]
        return "".join(file.read_text(errors="replace") for file in files if "linkproof-" not in file.name)

    def lead_to(self, origin: str) -> None:
        """Let every origin's name lead to this address, and to one of IPv6 where nothing listens."""
        for asked in ORIGINS.values():
            self.names.set(asked.name, [origin, "::1"])


@contextlib.contextmanager
def world(program: Program, folder: Path) -> Iterator[World]:
    """Render, start, and end all of it."""
    trust = folder / "root.pem"
    certificates(folder, trust, links=tuple(ORIGINS), origins=NAMES_OF_CERTIFICATE)
    at, other = loopback(), loopback()
    port = free_port(at, other, "::1")
    with contextlib.ExitStack() as ends:
        # Apache reads it as another user, who may not enter the test's own folder.
        served = Path(ends.enter_context(tempfile.TemporaryDirectory()))
        served.chmod(0o755)
        server = placed(program, ORIGINS, folder, served, trust, at, port)
        names = Names(at)
        ends.callback(names.close)
        origins = [Origin(address, port, folder / "origin.pem", folder / "origin.key") for address in (at, other)]
        for origin in origins:
            ends.callback(origin.close)
        if server.challenge.startswith("/"):
            file = Path(server.challenge + CHALLENGE) / "token-1"
            file.parent.mkdir(parents=True)
            file.write_text(ANSWERED)
        else:
            ends.callback(_tool(server.challenge))
        rendered = written(program, server, folder)
        viewers = [Viewer(server.http[n], server.https[n], trust) for n in (0, 1)]
        made = World(program, server, rendered, folder, names, *origins, *viewers)
        made.lead_to(at)
        places = [*server.http, *server.https]
        made.running = ends.enter_context(programs.running(program, folder, places, names.address, trust))
        _wait_for_a_link(made)
        yield made


def _wait_for_a_link(made: World) -> None:
    """A port that takes connections may know no link yet (Traefik)."""
    until = time.monotonic() + programs.STARTS_WITHIN_SECONDS
    while True:
        try:
            if made.viewer.get(SENDGRID, "/ready").status == 302:
                return
        except OSError as error:
            refused = str(error)
        else:
            refused = "it answers otherwise"
        assert time.monotonic() < until, (
            f"{made.program} does not answer for a link ({refused}):\n{made.running.said[-3000:]}"
        )
        time.sleep(0.05)


def addresses(world: World) -> tuple[str, str]:
    """Of the origin, and of the other one."""
    return world.at_origin.address, world.elsewhere.address


def _tool(place: str):
    """What certbot does while it waits for the CA; returns what ends it."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == f"{CHALLENGE}token-1"
            self.send_response(200 if found else 404)
            self.send_header("Content-Length", str(len(ANSWERED) if found else 0))
            self.end_headers()
            if found:
                self.wfile.write(ANSWERED.encode())

        def log_message(self, *arguments: object) -> None:
            """Nothing."""

    address, _, port = place.rpartition(":")
    tool = ThreadingHTTPServer((address, int(port)), Answering)
    Thread(target=tool.serve_forever, daemon=True).start()

    def end() -> None:
        tool.shutdown()
        tool.server_close()

    return end
