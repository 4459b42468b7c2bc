"""Fastly's edge, with the versions that are active and the certificates that are issued."""

from __future__ import annotations

from linkproof_lab.edges.fastly.control_plane.stats import ServiceLog
from linkproof_lab.edges.fastly.data_plane.edge import FastlyEdge
from linkproof_lab.edges.fastly.data_plane.hosts import Hosts
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.kept import kept_identity


def edge(context: EdgeContext) -> WebHost:
    settings, store = context.settings, context.store
    return FastlyEdge(
        Hosts(store, context.generation),
        context.origins,
        context.faults,
        lambda: kept_identity(settings, store, "fastly/own", ["default.ssl.fastly.net"]),
        ServiceLog(settings).record,
    )
