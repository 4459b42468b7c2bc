"""Finding CloudFront's objects, and proving that they are the ones that this stack was creating."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from linkproof.acm import CERTIFICATE, certificates
from linkproof.contract.find import Candidate, Finder
from linkproof.edges.cloudfront.find_tenants import groups, shared_distributions, tenants
from linkproof.edges.cloudfront.items import (
    CACHE_POLICY,
    CONNECTION_GROUP,
    DISTRIBUTION,
    MULTITENANT,
    POLICY,
    TENANT,
    VALIDATION,
)
from linkproof.ownership import TAG, is_marked

if TYPE_CHECKING:
    from linkproof.vendors.aws.client import AwsClient

WITHOUT_OBJECT = frozenset({VALIDATION})


def distributions(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """An alternate name is on one distribution only; it is ours when it carries the mark that it was made with."""
    mark = (inputs.get("tags") or {}).get(TAG)
    cloudfront = client.service("cloudfront")
    wanted = set(inputs["aliases"])
    for page in cloudfront.get_paginator("list_distributions").paginate():
        for summary in page["DistributionList"].get("Items", []):
            if not wanted & set(summary.get("Aliases", {}).get("Items", [])):
                continue
            what = f"distribution {summary['Id']} with alias {', '.join(sorted(wanted))}"
            tags = cloudfront.list_tags_for_resource(Resource=summary["ARN"])["Tags"].get("Items", [])
            held = {tag["Key"]: tag.get("Value") for tag in tags}.get(TAG)
            proved = mark is not None and held == mark
            doubt = f"its tag {TAG} says {held or 'nothing'}, not {mark}"
            yield Candidate(what, summary["Id"], "" if proved else doubt)


def policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """A policy's name is unique in the account, and it has no tags: it is ours when its comment has the mark."""
    yield from _named("origin request policy", origin_request_policies(client), inputs)


def cache_policies(inputs: Mapping[str, Any], client: AwsClient) -> Iterator[Candidate]:
    """Likewise."""
    yield from _named("cache policy", own_cache_policies(client), inputs)


def origin_request_policies(client: AwsClient) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Id and config of each of the account's own."""
    return _policies(client.service("cloudfront").list_origin_request_policies, "OriginRequestPolicy")


def own_cache_policies(client: AwsClient) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Likewise."""
    return _policies(client.service("cloudfront").list_cache_policies, "CachePolicy")


def _policies(list_page: Callable[..., Any], kind: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """By hand: boto3 has no paginator for either."""
    marker: dict[str, str] = {}
    while True:
        answer = list_page(Type="custom", **marker)[f"{kind}List"]
        for entry in answer.get("Items", []):
            yield entry[kind]["Id"], entry[kind][f"{kind}Config"]
        if not answer.get("NextMarker"):
            return
        marker = {"Marker": answer["NextMarker"]}


def _named(what: str, found: Iterator[tuple[str, Mapping[str, Any]]], inputs: Mapping[str, Any]) -> Iterator[Candidate]:
    for id_, config in found:
        if config["Name"] == inputs["name"]:
            yield Candidate(f"{what} {config['Name']}", id_, _doubt(config.get("Comment"), inputs))


def _doubt(held: str | None, inputs: Mapping[str, Any]) -> str:
    wanted = inputs.get("comment")
    if is_marked(wanted) and held == wanted:
        return ""
    return f"its comment says {held or 'nothing'}, not {wanted or 'whose it is'}"


FINDERS: Mapping[str, Finder] = {
    CERTIFICATE: certificates,
    DISTRIBUTION: distributions,
    POLICY: policies,
    CACHE_POLICY: cache_policies,
    CONNECTION_GROUP: groups,
    MULTITENANT: shared_distributions,
    TENANT: tenants,
}
