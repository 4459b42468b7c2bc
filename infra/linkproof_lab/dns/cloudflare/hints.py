"""A drift, made the way people make it."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.state import State
from linkproof.plan.model import Plan

from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN


def hints(lab: LabSettings, ca: str, plan: Plan, state: State) -> Iterator[tuple[str, list[str]]]:
    """For the first record that is not proxied."""
    del ca, plan
    for resource in state.of_types("cloudflare:index/dnsRecord:DnsRecord"):
        if resource.id and not resource.inputs.get("proxied"):
            api = lab.api_url("vendors/cloudflare")
            path = f"/client/v4/zones/{resource.inputs['zoneId']}/dns_records/{resource.id}"
            command = (
                f"curl -s -X PATCH -H 'Authorization: Bearer {CLOUDFLARE_TOKEN}' -H 'Content-Type: application/json'"
                f' {api}{path} -d \'{{"content":"wrong.example"}}\''
            )
            yield "make a drift behind Pulumi's back, see it, repair it", [command]
            return
