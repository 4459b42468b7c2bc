"""A certificate authority, an origin and an edge of our own on loopback."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from linkproof.conformance.client.front import Front
from linkproof.conformance.origin.identity import context_of, nobodys
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.origins import OwnOrigin
from linkproof.conformance.run.run import conform
from linkproof.conformance.run.session import Limits, Session
from linkproof.contract.needs import EdgeNeeds
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings

from tests.conformance.proxy import Proxy
from tests.ports import free_port

HOST = "url1.example.net"
ORIGIN = "origin.example"
AT = ("127.0.0.1", "127.0.0.2", "::1")
# Everything is on loopback and asked by this process alone: what is not there at once never comes.
QUICK = Limits(answer_seconds=10, failure_seconds=5, silent_seconds=2, lost_of=40, lost_every=20)


@dataclass(frozen=True)
class Authority:
    """Its root, and the files of the certificates for edge and origin."""

    folder: Path
    root: Path

    def files(self, name: str) -> tuple[Path, Path]:
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def edge(self) -> ssl.SSLContext:
        context = context_of(*self.files("edge"))
        context.set_alpn_protocols(["http/1.1"])
        return context

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.root))

    def origin(self) -> RecordingOrigin:
        certificate, key = self.files("origin")
        return RecordingOrigin(context_of(certificate, key), nobodys(certificate))


def authority_in(folder: Path) -> Authority:
    settings = LabSettings(folder)
    ca.ensure(settings)
    made = Authority(folder, settings.ca_file)
    # real programs find their origin as localhost, for no test may write /etc/hosts
    for name, hosts in (("edge", [HOST]), ("origin", [ORIGIN, "localhost"])):
        issued = ca.issue(settings, hosts, key="ec256")
        certificate, key = made.files(name)
        certificate.write_text(issued.cert_pem + issued.chain_pem)
        key.write_text(issued.key_pem)
    return made


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority_in(tmp_path_factory.mktemp("authority"))


@dataclass
class Names:
    """The origin's name as the edge finds it; see `linkproof.conformance.run.origins.Names`."""

    proxy: Proxy
    port: int
    ttl_seconds: float = 0.0
    four: str = AT[0]
    other: str = AT[1]
    six: str = AT[2]
    # in IPv6's form, so that one more address of this machine refuses
    dead: str = "::ffff:127.0.0.9"

    async def set(self, addresses: Sequence[str]) -> None:
        self.proxy.origins[:] = [(address, self.port) for address in addresses]

    def are_known(self) -> bool:
        return True


@dataclass
class Bench:
    """One origin with an edge before it."""

    authority: Authority
    origin: RecordingOrigin
    proxy: Proxy
    names: Names

    @property
    def front(self) -> Front:
        return Front(
            HOST, ("127.0.0.1", "::1"), self.proxy.ports["http"], self.proxy.ports["https"], self.authority.root
        )


def with_edge(
    authority: Authority, test: Callable[[Bench], Awaitable[Any]], kind: type[Proxy] = Proxy, **said: Any
) -> Any:
    """Run a test in a loop with origin and edge."""

    async def run() -> Any:
        origin = authority.origin()
        port = free_port(*AT)
        for address in AT:
            await origin.listen(address, port)
        at_edge = {scheme: free_port("127.0.0.1", "::1") for scheme in ("http", "https")}
        proxy = kind(HOST, [(AT[0], port)], authority.edge(), authority.trusting(), ports=at_edge, **said)
        await proxy.start("127.0.0.1", "::1")
        try:
            return await test(Bench(authority, origin, proxy, Names(proxy, port)))
        finally:
            await proxy.stop()
            await origin.stop()

    return asyncio.run(run())


def conformance_of(
    authority: Authority,
    kind: type[Proxy] = Proxy,
    *,
    needs: EdgeNeeds | None = None,
    limits: Limits = QUICK,
    only: tuple[str, ...] = (),
    **said: Any,
) -> Conformance:
    async def test(bench: Bench) -> Conformance:
        session = Session(bench.front, OwnOrigin(bench.origin, bench.names), needs=needs, limits=limits)
        return await conform(session, only=only)

    return with_edge(authority, test, kind, **said)


def broken(run: Conformance) -> dict[str, str]:
    """Ids of what is broken, with the first fault of each."""
    return {one.requirement.id: str(one.faults[0]) for one in run.of("broken")}
