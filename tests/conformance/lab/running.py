"""The lab's model of an edge, deployed as planned for a sender, before an origin that records."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from linkproof.conformance.client.front import Front
from linkproof.conformance.origin.identity import context_of, nobodys
from linkproof.conformance.origin.server import RecordingOrigin
from linkproof.conformance.run.found import Conformance
from linkproof.conformance.run.origins import OwnOrigin
from linkproof.conformance.run.run import conform
from linkproof.conformance.run.session import Limits, Session
from linkproof.conformance.run.start import needs_of
from linkproof_lab import ca
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store
from linkproof_lab.web import edges

from tests.conformance.conftest import HOST
from tests.conformance.lab.planned import PAIRS, deploy, planned, provider_of
from tests.ports import free_port

__all__ = ["PAIRS", "asked"]


@dataclass
class _Names:
    """See `linkproof.conformance.run.origins.Names`: the edge asks at each request."""

    four: str
    other: str
    six: str = "::1"
    dead: str = "::ffff:127.0.0.9"
    ttl_seconds: float = 0.0
    now: list[str] = field(default_factory=list)

    async def set(self, addresses: Sequence[str]) -> None:
        self.now[:] = addresses

    def are_known(self) -> bool:
        return True


async def asked(
    edge: str, sender: str, folder: Path, limits: Limits, only: Collection[str] = (), cache_seconds: int | None = None
) -> Conformance:
    """What the suite says of it.

    Args:
        folder: new and empty.
        cache_seconds: for how long the sender wants answers kept; None for what it says itself.
    """
    net = random.randrange(60, 250)
    http, https = (free_port(f"127.{net}.110.1", "::1") for _ in range(2))
    settings = LabSettings(folder, net=net, http_port=http, https_port=https)
    store = Store(settings.database)
    needs = needs_of(sender)
    assert needs is not None
    if cache_seconds is not None:
        needs = replace(needs, cache_seconds=cache_seconds)
    ca.ensure(settings)
    issued = ca.issue(settings, [needs.origin], key="ec256")
    certificate, key = folder / "origin.pem", folder / "origin.key"
    certificate.write_text(issued.cert_pem + issued.chain_pem)
    key.write_text(issued.key_pem)
    origin = RecordingOrigin(context_of(certificate, key), nobodys(certificate))
    names = _Names(settings.address(130, 1), settings.address(130, 2))
    names.now[:] = [names.four]
    for address in (names.four, names.other, names.six):
        for port in (http, https):
            await origin.listen(address, port)
    deploy(planned(edge, sender, folder), edge, settings, store)

    async def resolve(host: str) -> list[str]:
        return names.now

    running = await edges.start(settings, store, resolve=resolve)
    try:
        front = Front(HOST, settings.edge_addresses(provider_of(edge))[:1], http, https, settings.ca_file)
        return await conform(Session(front, OwnOrigin(origin, names), needs=needs, limits=limits), only=only)
    finally:
        await running.stop()
        await origin.stop()
        store.close()
