"""What to try against the running lab, as commands for a shell."""

from __future__ import annotations

from collections.abc import Iterator

from linkproof.contract.declared import PHASES_AT_EDGE
from linkproof.contract.state import State
from linkproof.plan.model import Plan
from linkproof.project import Project

from linkproof_lab.settings import LabSettings
from linkproof_lab.vendors.cloudflare.facts import CLOUDFLARE_TOKEN


def hints(project: Project, plan: Plan, state: State) -> Iterator[tuple[str, list[str]]]:
    """Each thing to try, and its commands."""
    lab = LabSettings.load(project.lab_dir)
    ca = project.shown(lab.ca_file)
    at_cloudfront = (link for link in plan.links if link.phase in PHASES_AT_EDGE and link.edge_provider == "cloudfront")
    live = next(at_cloudfront, None)
    if live is not None:
        at = f"--connect-to {live.click_host}:443:{lab.edge_addresses('cloudfront')[0]}:{lab.https_port}"
        url = f"https://{live.click_host}/ls/click?upn=demo"
        yield "follow a tracked link through the edge", [f"curl -sD - -o /dev/null --cacert {ca} {at} '{url}'"]
    for resource in state.of_types("cloudflare:index/dnsRecord:DnsRecord"):
        if resource.id and not resource.inputs.get("proxied"):
            api = lab.api_url("vendors/cloudflare")
            path = f"/client/v4/zones/{resource.inputs['zoneId']}/dns_records/{resource.id}"
            yield (
                "make a drift behind Pulumi's back, see it, repair it",
                [
                    (
                        f"curl -s -X PATCH -H 'Authorization: Bearer {CLOUDFLARE_TOKEN}' -H 'Content-Type: application/json'"
                        f' {api}{path} -d \'{{"content":"wrong.example"}}\''
                    )
                ],
            )
            return
