"""A profile's parts."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.azure.stand_in.front_door import KINDS
from linkproof_lab.edges.azure.stand_in.kind import ObjectType
from linkproof_lab.vendors.azure.stand_in.client import AzureClient


def resources(client: AzureClient) -> Package:
    return Package(types=by_token(*(ObjectType(kind, client) for kind in KINDS)), invokes={})
