"""A server of one's own with the configuration that is rendered for a sender, started before an origin that records."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from linkproof import registry
from linkproof.conformance.client.front import Front
from linkproof.conformance.origin.identity import context_of, nobodys
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.origins import OwnOrigin
from linkproof.conformance.run.run import conform
from linkproof.conformance.run.session import Limits, Session
from linkproof.conformance.run.start import needs_of
from linkproof.contract.server import Origin, Server
from linkproof.servers.describe import origin_of

from tests.conformance.conftest import HOST
from tests.ports import free_port
from tests.servers import names, programs
from tests.servers.placed import certificates, loopback, placed, written
from tests.servers.programs import Program

SENDERS = tuple(registry.SENDERS)


@dataclass
class _Names:
    """See `linkproof.conformance.run.origins.Names`."""

    server: names.Names
    name: str
    four: str
    other: str
    six: str = "::1"
    # in IPv6's form, so that one more address of this machine refuses
    dead: str = "::ffff:127.0.0.9"
    ttl_seconds: float = 1.0

    asked: int = 0

    async def set(self, addresses: Sequence[str]) -> None:
        self.server.set(self.name, addresses)
        self.asked = self.server.asked

    def are_known(self) -> bool:
        return self.server.asked > self.asked


async def asked(
    program: Program,
    sender: str,
    folder: Path,
    limits: Limits,
    only: Collection[str] = (),
    cache_seconds: int | None = None,
) -> Conformance:
    """What the suite says of it.

    Args:
        folder: new and empty.
        cache_seconds: for how long the sender wants answers kept; None for what it says itself.
    """
    needs = needs_of(sender)
    assert needs is not None
    if cache_seconds is not None:
        needs = replace(needs, cache_seconds=cache_seconds)
    trust = folder / "root.pem"
    certificates(folder, trust, links=(HOST,), origins=(needs.origin,))
    certificate = folder / "origin.pem"
    origin = RecordingOrigin(context_of(certificate, folder / "origin.key"), nobodys(certificate))
    at, other = loopback(), loopback()
    port = free_port(at, other, "::1")
    for address in (at, other, "::1"):
        await origin.listen(address, port)
    with contextlib.ExitStack() as ends:
        answering = names.Names(at)
        ends.callback(answering.close)
        resolved = _Names(answering, needs.origin, at, other)
        await resolved.set((at,))
        started = _started(program, {HOST: origin_of(needs)}, folder, trust, at, port)
        server = await asyncio.to_thread(ends.enter_context, started)
        http, https = (int(place[0].rpartition(":")[2]) for place in (server.http, server.https))
        front = Front(HOST, (at, "::1"), http, https, trust)
        session = Session(front, OwnOrigin(origin, resolved), needs=needs, limits=limits)
        try:
            await _forwarding(session)
            return await conform(session, only=only)
        finally:
            await origin.stop()


@contextlib.contextmanager
def _started(
    program: Program, origins: Mapping[str, Origin], folder: Path, trust: Path, at: str, port: int
) -> Iterator[Server]:
    # Apache reads it as another user, who may not enter the test's own folder.
    with tempfile.TemporaryDirectory() as served:
        Path(served).chmod(0o755)
        server = placed(program, origins, folder, Path(served), trust, at, port)
        written(program, server, folder)
        with programs.running(program, folder, [*server.http, *server.https], at, trust):
            yield server


async def _forwarding(session: Session) -> None:
    """Traefik takes connections before it has read whereto; one that never forwards is the suite's to tell."""
    for _ in range(100):
        if (await session.ask()).arrived:
            return
        await asyncio.sleep(0.1)
