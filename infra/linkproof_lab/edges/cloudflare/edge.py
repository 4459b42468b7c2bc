"""Cloudflare's edge, with the proxied records and rules that the API holds."""

from __future__ import annotations

from linkproof_lab.edges.cloudflare.control_plane.served import proxied_hosts
from linkproof_lab.edges.cloudflare.data_plane.edge import CloudflareEdge
from linkproof_lab.edges.cloudflare.data_plane.hosts import Hosts
from linkproof_lab.vendors.cloudflare.control_plane.analytics import HostLog
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.kept import kept_identity


def edge(context: EdgeContext) -> WebHost:
    settings, store = context.settings, context.store
    return CloudflareEdge(
        Hosts(store, context.generation, proxied_hosts),
        context.origins,
        context.faults,
        lambda zone: kept_identity(settings, store, f"cloudflare/{zone}", [zone, f"*.{zone}"]),
        settings.edge_addresses("cloudflare"),
        settings.http_port,
        HostLog(settings).record,
    )
