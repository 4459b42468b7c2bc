"""Rulesets."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.cloudflare.stand_in.ruleset import Ruleset
from linkproof_lab.vendors.cloudflare.stand_in.client import CloudflareClient


def resources(client: CloudflareClient) -> Package:
    return Package(types=by_token(Ruleset(client)), invokes={})
