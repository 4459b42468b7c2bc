"""Finding connection groups, multi-tenant distributions and tenants, and proving by their tag that they are this stack's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.contract.find import Candidate
from linkproof.ownership import TAG

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient


def groups(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A group's name is unique in the account."""
    for found in connection_groups(client):
        if found["Name"] == inputs["name"]:
            what = f"connection group {found['Name']}"
            yield Candidate(what, found["Id"], _doubt(client, found["Arn"], inputs))


def shared_distributions(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Of those with the same origins, the ones that carry the mark: others are somebody else's and no obstacle."""
    for found in multitenant_distributions(client):
        if origins_held(found) == origins_wanted(inputs) and not _doubt(client, found["ARN"], inputs):
            yield Candidate(f"multi-tenant distribution {found['Id']}", found["Id"])


def tenants(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A domain is one tenant's only."""
    cloudfront = client.service("cloudfront")
    for domain in sorted(one["domain"] for one in inputs["domains"]):
        try:
            found = cloudfront.get_distribution_tenant_by_domain(Domain=domain)["DistributionTenant"]
        except cloudfront.exceptions.EntityNotFound:
            continue
        what = f"tenant {found['Name']} with domain {domain}"
        yield Candidate(what, found["Id"], _doubt(client, found["Arn"], inputs))
        return


def connection_groups(client: AwsClient) -> Iterator[Mapping[str, Any]]:
    """The account's."""
    pages = client.service("cloudfront").get_paginator("list_connection_groups").paginate()
    for page in pages:
        yield from page.get("ConnectionGroups") or ()


def multitenant_distributions(client: AwsClient) -> Iterator[Mapping[str, Any]]:
    """Likewise."""
    for page in client.service("cloudfront").get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if summary.get("ConnectionMode") == "tenant-only":
                yield summary


def origins_held(summary: Mapping[str, Any]) -> list[str]:
    return sorted(origin["DomainName"] for origin in summary["Origins"].get("Items", []))


def origins_wanted(inputs: Mapping[str, Any]) -> list[str]:
    return sorted(origin["domainName"] for origin in inputs.get("origins") or ())


def _doubt(client: AwsClient, arn: str, inputs: Mapping[str, Any]) -> str:
    """Why it may not be ours; empty where its tag proves it."""
    mark = (inputs.get("tags") or {}).get(TAG)
    tags = client.service("cloudfront").list_tags_for_resource(Resource=arn)["Tags"].get("Items", [])
    held = {tag["Key"]: tag.get("Value") for tag in tags}.get(TAG)
    return "" if mark is not None and held == mark else f"its tag {TAG} says {held or 'nothing'}, not {mark}"
