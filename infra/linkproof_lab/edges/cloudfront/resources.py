"""Distributions, tenants and policies."""

from __future__ import annotations

from linkproof.providers.protocol.base import Package, by_token

from linkproof_lab.edges.cloudfront.stand_in.client import CloudFront
from linkproof_lab.edges.cloudfront.stand_in.distribution import Distribution
from linkproof_lab.edges.cloudfront.stand_in.get_policy import policy_by_id_or_name
from linkproof_lab.edges.cloudfront.stand_in.multitenant import (
    ConnectionGroup,
    DistributionTenant,
    MultitenantDistribution,
)
from linkproof_lab.edges.cloudfront.stand_in.policies import CachePolicy, OriginRequestPolicy
from linkproof_lab.vendors.aws.stand_in.client import AwsClient


def resources(client: AwsClient) -> Package:
    cloudfront = CloudFront(client)
    cache, request = CachePolicy(cloudfront), OriginRequestPolicy(cloudfront)
    return Package(
        types=by_token(
            Distribution(cloudfront),
            MultitenantDistribution(cloudfront),
            ConnectionGroup(cloudfront),
            DistributionTenant(cloudfront),
            cache,
            request,
        ),
        invokes={
            "aws:cloudfront/getCachePolicy:getCachePolicy": policy_by_id_or_name(cache),
            "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy": policy_by_id_or_name(request),
        },
    )
