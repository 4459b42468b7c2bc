"""Puts the edges together and binds them to their loopback addresses."""

from __future__ import annotations

from linkproof_lab import ca
from linkproof_lab.apis.acm.lookup import certificate_for
from linkproof_lab.apis.cloudflare.served import proxied_hosts
from linkproof_lab.apis.cloudfront.served import served_config
from linkproof_lab.edges.cloudflare.edge import CloudflareEdge
from linkproof_lab.edges.cloudflare.hosts import Hosts
from linkproof_lab.edges.cloudfront.distributions import Distributions
from linkproof_lab.edges.cloudfront.edge import CloudFrontEdge
from linkproof_lab.edges.faults import Faults
from linkproof_lab.edges.kept import kept_identity
from linkproof_lab.edges.listener import Listener
from linkproof_lab.edges.origin import Origins
from linkproof_lab.edges.resolve import Resolve, through_lab
from linkproof_lab.edges.watch import Generation, Keyed
from linkproof_lab.settings import LabSettings
from linkproof_lab.store import Store


class Edges:
    """The running edges."""

    def __init__(self, listeners: list[Listener], generation: Generation) -> None:
        self._listeners = listeners
        self._generation = generation

    def health(self) -> str:
        return f"{sum(listener.addresses for listener in self._listeners)} addresses, plain and TLS"

    async def stop(self) -> None:
        for listener in self._listeners:
            await listener.stop()
        self._generation.close()


async def serve(settings: LabSettings, store: Store, resolve: Resolve | None) -> Edges:
    """Start all edges; see `linkproof_lab.edges.start`."""
    ca.ensure(settings)
    generation = Generation(settings)
    cloudfront, cloudflare = (
        _cloudfront(settings, store, generation, resolve),
        _cloudflare(settings, store, generation, resolve),
    )
    cloudfront_listener = Listener(cloudfront.handle, cloudfront.choose_context)
    cloudflare_listener = Listener(cloudflare.handle, cloudflare.choose_context)
    edges = Edges([cloudfront_listener, cloudflare_listener], generation)
    try:
        for listener, addresses in (
            (cloudfront_listener, settings.cloudfront_edges),
            (cloudflare_listener, settings.cloudflare_edges),
        ):
            for address in addresses:
                await listener.listen(address, http_port=settings.http_port, https_port=settings.https_port)
    except BaseException:
        await edges.stop()
        raise
    return edges


def _cloudfront(settings: LabSettings, store: Store, generation: Generation, resolve: Resolve | None) -> CloudFrontEdge:
    certificates = Keyed(generation, lambda arn: certificate_for(store, arn))
    return CloudFrontEdge(
        Distributions(store, generation, served_config),
        certificates.get,
        Origins(settings, resolve or through_lab(settings)),
        Faults(settings, store, generation),
        lambda: kept_identity(settings, store, "cloudfront/own", ["*.cloudfront.net"]),
        settings.https_port,
    )


def _cloudflare(settings: LabSettings, store: Store, generation: Generation, resolve: Resolve | None) -> CloudflareEdge:
    return CloudflareEdge(
        Hosts(store, generation, proxied_hosts),
        Origins(settings, resolve or through_lab(settings)),
        Faults(settings, store, generation),
        lambda zone: kept_identity(settings, store, f"cloudflare/{zone}", [zone, f"*.{zone}"]),
        settings.cloudflare_edges,
        settings.http_port,
    )
