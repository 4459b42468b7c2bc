"""A load balancer's parts, and Certificate Manager's."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.gcp.stand_in import certificate_manager, compute
from linkproof_lab.edges.gcp.stand_in.endpoint import Endpoint
from linkproof_lab.edges.gcp.stand_in.kind import ObjectType
from linkproof_lab.vendors.gcp.stand_in.client import GcpClient


def resources(client: GcpClient) -> Package:
    kinds = (*compute.KINDS, *certificate_manager.KINDS)
    return Package(types=by_token(*(ObjectType(kind, client) for kind in kinds), Endpoint(client)), invokes={})
