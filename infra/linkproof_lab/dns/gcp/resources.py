"""Record sets."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.dns.gcp.stand_in.record_set import RecordSet
from linkproof_lab.vendors.gcp.stand_in.client import GcpClient


def resources(client: GcpClient) -> Package:
    return Package(types=by_token(RecordSet(client)), invokes={})
