"""KeyCDN's edge, with the zones that are active."""

from __future__ import annotations

from linkproof_lab.edges.keycdn.control_plane.reports import request_log
from linkproof_lab.edges.keycdn.data_plane.edge import KeyCdnEdge
from linkproof_lab.edges.keycdn.data_plane.hosts import Hosts
from linkproof_lab.edges.keycdn.facts import DOMAIN
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.counted_log import CountedLog
from linkproof_lab.web.kept import kept_identity


def edge(context: EdgeContext) -> WebHost:
    settings, store = context.settings, context.store
    return KeyCdnEdge(
        Hosts(store, context.generation),
        context.origins,
        context.faults,
        lambda: kept_identity(settings, store, "keycdn/own", [f"*.{DOMAIN}"]),
        CountedLog(request_log(settings)).record,
    )
