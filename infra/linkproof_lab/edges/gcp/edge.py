"""The load balancers that the API holds, at their addresses."""

from __future__ import annotations

from linkproof_lab.edges.gcp.control_plane.time_series import request_log
from linkproof_lab.edges.gcp.data_plane.edge import GoogleEdge
from linkproof_lab.edges.gcp.data_plane.serving import Serving
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.counted_log import CountedLog
from linkproof_lab.web.watch import Watched


def edge(context: EdgeContext) -> WebHost:
    serving = Watched(context.generation, lambda: Serving.read(context.store))
    record = CountedLog(request_log(context.settings)).record
    return GoogleEdge(serving.get, context.origins, context.faults, record)
