"""Record sets."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.dns.azure.stand_in.record_set import RecordSet
from linkproof_lab.vendors.azure.stand_in.client import AzureClient


def resources(client: AzureClient) -> Package:
    return Package(types=by_token(RecordSet(client)), invokes={})
