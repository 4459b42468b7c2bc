"""Front Door's edge, with the routes that are enabled and the domains that are validated."""

from __future__ import annotations

from linkproof_lab.edges.azure.control_plane.reports import request_log
from linkproof_lab.edges.azure.data_plane.edge import FrontDoorEdge
from linkproof_lab.edges.azure.data_plane.serving import Serving
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.counted_log import CountedLog
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.watch import Watched


def edge(context: EdgeContext) -> WebHost:
    settings, store = context.settings, context.store
    serving = Watched(context.generation, lambda: Serving.read(store))
    return FrontDoorEdge(
        serving.get,
        context.origins,
        context.faults,
        lambda: kept_identity(settings, store, "azure/own", ["*.azureedge.net", "*.azurefd.net"]),
        CountedLog(request_log(settings)).record,
    )
