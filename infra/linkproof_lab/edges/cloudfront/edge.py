"""CloudFront's edge, with the distributions that the API has deployed and the certificates that ACM has issued."""

from __future__ import annotations

from linkproof_lab.edges.cloudfront.control_plane.served import served_config
from linkproof_lab.edges.cloudfront.data_plane.distributions import Distributions
from linkproof_lab.edges.cloudfront.data_plane.edge import CloudFrontEdge
from linkproof_lab.vendors.aws.acm.lookup import certificate_for
from linkproof_lab.vendors.aws.cloudwatch.request_log import RequestLog
from linkproof_lab.web.contract import EdgeContext, WebHost
from linkproof_lab.web.kept import kept_identity
from linkproof_lab.web.watch import Keyed


def edge(context: EdgeContext) -> WebHost:
    settings, store = context.settings, context.store
    certificates = Keyed(context.generation, lambda arn: certificate_for(store, arn))
    return CloudFrontEdge(
        Distributions(store, context.generation, served_config),
        certificates.get,
        context.origins,
        context.faults,
        lambda: kept_identity(settings, store, "cloudfront/own", ["*.cloudfront.net"]),
        settings.https_port,
        RequestLog(settings).record,
    )
