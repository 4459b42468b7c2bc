"""Tenants that exist: this stack's are taken over, and of the others it is said how they are in the way.

A tenant stays at the distribution that it was made with: another's cannot become one of ours without being made again, and CloudFront gives
its host to nobody else meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linkproof.contract.adopt import Meaning
from linkproof.contract.find import Candidate, Finder
from linkproof.edges.cloudfront import find_tenants
from linkproof.edges.cloudfront.items import CONNECTION_GROUP, MULTITENANT, TENANT

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

_WAY_OUT = (
    "lead the host elsewhere first, let every answer of before die, and delete it there; or leave it with the edge that has it, and out of"
    " the declaration"
)


def ours(find: Finder) -> Finder:
    """Of what a finder finds, what carries this stack's mark."""

    def marked(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
        yield from (found for found in find(inputs, client) if not found.doubt)

    return marked


def held_elsewhere(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Another's tenant, or a distribution, that has the host."""
    for found in find_tenants.tenants(inputs, client):
        if found.doubt:
            yield replace(found, doubt=_WAY_OUT)
    wanted = {one["domain"] for one in inputs["domains"]}
    for page in client.service("cloudfront").get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if wanted & set(summary.get("Aliases", {}).get("Items", [])):
                what = f"distribution {summary['Id']} with alias {', '.join(sorted(wanted))}"
                yield Candidate(what, summary["Id"], _WAY_OUT)


FINDERS: Mapping[str, Finder] = {
    CONNECTION_GROUP: ours(find_tenants.groups),
    MULTITENANT: find_tenants.shared_distributions,
    TENANT: ours(find_tenants.tenants),
}
IN_THE_WAY: Mapping[str, Finder] = {TENANT: held_elsewhere}
MEANINGS: Mapping[str, Mapping[str, Meaning]] = {
    CONNECTION_GROUP: {
        "enabled": Meaning("no tenant of a group that is disabled answers a click", can_be_kept=False),
        "ipv6Enabled": Meaning("every tenant gains or loses its IPv6 addresses"),
    },
    MULTITENANT: {
        "enabled": Meaning("no tenant of a distribution that is disabled answers a click", can_be_kept=False),
        "origins": Meaning("clicks of every tenant are forwarded to the declared origin"),
        "defaultCacheBehavior": Meaning("clicks of every tenant are forwarded and kept as declared"),
        "customErrorResponses": Meaning("an error of the origin is no longer kept by the edge, for 10 s by default"),
    },
    TENANT: {
        "enabled": Meaning("a tenant that is disabled answers no click", can_be_kept=False),
        "domains": Meaning("hosts that are no longer among its domains are answered with 403"),
        "customizations": Meaning("people are shown another certificate"),
    },
}
UNNOTICED = {
    CONNECTION_GROUP: frozenset({"tags"}),
    MULTITENANT: frozenset({"comment", "tags"}),
    TENANT: frozenset({"tags"}),
}
