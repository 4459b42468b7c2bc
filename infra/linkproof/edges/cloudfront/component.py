"""CloudFront: the policies, then each link's edge, which groups a certificate, its validation record, the wait, and the distribution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from linkproof.acm import VALIDATION_NAME
from linkproof.contract.build import Building, records_by_item
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.cloudfront import tenant_component
from linkproof.edges.cloudfront.facts import CACHING_DISABLED, VENDOR
from linkproof.edges.cloudfront.issued import issued
from linkproof.edges.cloudfront.items import CachePolicy, Certificate, Distribution, OriginRequestPolicy
from linkproof.names import with_dot
from linkproof.ownership import TAG, comment, object_name

POLICY_CHARACTERS = 128  # of its name, and of its comment
# A distribution takes about five minutes to deploy, at times thirty.
DISTRIBUTION_TIMEOUT = "60m"


def build(items: Sequence[Item], records: Sequence[Record], building: Building) -> None:
    """The policies, then each link's edge with the record that proves its certificate."""
    policies: dict[str, pulumi.Input[str]] = {
        item.resource: _origin_request_policy(item, building).id
        for item in items
        if isinstance(item, OriginRequestPolicy)
    }
    caches: dict[str, pulumi.Input[str]] = {
        item.resource: _cache_policy(item, building).id for item in items if isinstance(item, CachePolicy)
    }
    certificates = {item.resource: item for item in items if isinstance(item, Certificate)}
    validations = records_by_item(records, VALIDATION_NAME)
    for distribution in items:
        if isinstance(distribution, Distribution):
            CloudFrontEdge(
                distribution,
                certificates.get(distribution.certificate),
                validations.get(distribution.certificate),
                policies[distribution.policy],
                caches[distribution.cache_policy] if distribution.cache_policy else CACHING_DISABLED,
                building,
            )
    tenant_component.build(items, certificates, validations, policies, caches, building)


def _origin_request_policy(policy: OriginRequestPolicy, building: Building) -> aws.cloudfront.OriginRequestPolicy:
    """What is forwarded to the origin. Its name is the stack's own, so that two stacks can share an account."""
    owner = building.owner
    return aws.cloudfront.OriginRequestPolicy(
        policy.resource,
        name=object_name(owner, policy.resource, POLICY_CHARACTERS),
        # A policy cannot be tagged: `linkproof recover` proves by its comment that it is ours.
        comment=comment(owner, POLICY_CHARACTERS),
        headers_config={"header_behavior": "whitelist", "headers": {"items": sorted(policy.headers)}},
        query_strings_config={"query_string_behavior": policy.query_strings},
        cookies_config={"cookie_behavior": policy.cookies},
        opts=pulumi.ResourceOptions(provider=building.provider(VENDOR, policy.account), protect=policy.protect),
    )


def _cache_policy(policy: CachePolicy, building: Building) -> aws.cloudfront.CachePolicy:
    """How long answers are kept, whatever the origin says."""
    owner = building.owner
    return aws.cloudfront.CachePolicy(
        policy.resource,
        name=object_name(owner, policy.resource, POLICY_CHARACTERS),
        comment=comment(owner, POLICY_CHARACTERS),
        min_ttl=policy.minimum_seconds,
        default_ttl=policy.seconds,
        max_ttl=policy.seconds,
        parameters_in_cache_key_and_forwarded_to_origin={
            "headers_config": {"header_behavior": "none"},
            "query_strings_config": {"query_string_behavior": policy.query_strings},
            "cookies_config": {"cookie_behavior": "none"},
        },
        opts=pulumi.ResourceOptions(provider=building.provider(VENDOR, policy.account), protect=policy.protect),
    )


class CloudFrontEdge(pulumi.ComponentResource):
    """One link's edge. Tells `building` the distribution's domain, and name and value of the record that proves the
    certificate, where it is not the user's own.
    """

    def __init__(
        self,
        distribution: Distribution,
        certificate: Certificate | None,
        validation: Record | None,
        policy_id: pulumi.Input[str],
        cache_policy_id: pulumi.Input[str],
        building: Building,
    ) -> None:
        super().__init__("linkproof:cloudfront:Edge", distribution.resource)
        # `linkproof recover` proves by this tag that an object is ours.
        tags = {TAG: building.owner}
        arn: pulumi.Input[str] = distribution.own_certificate
        if certificate is not None and validation is not None:
            arn = issued(certificate, validation, building, parent=self, tags=tags)
        built = aws.cloudfront.Distribution(
            distribution.resource,
            **_distribution(distribution, policy_id, cache_policy_id, arn),
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=building.provider(VENDOR, distribution.account),
                protect=distribution.protect,
                custom_timeouts=pulumi.CustomTimeouts(
                    create=DISTRIBUTION_TIMEOUT, update=DISTRIBUTION_TIMEOUT, delete=DISTRIBUTION_TIMEOUT
                ),
            ),
        )
        building.late[Late(distribution.resource, "domain_name")] = built.domain_name.apply(with_dot)
        self.register_outputs({"domain_name": built.domain_name})


def _custom_headers(distribution: Distribution) -> dict[str, Any]:
    headers = [{"name": name, "value": value} for name, value in distribution.origin_headers]
    return {"custom_headers": headers} if headers else {}


def _distribution(
    distribution: Distribution,
    policy_id: pulumi.Input[str],
    cache_policy_id: pulumi.Input[str],
    certificate_arn: pulumi.Input[str],
) -> dict[str, Any]:
    return {
        "enabled": True,
        "aliases": [distribution.host],
        "comment": f"linkproof: {distribution.host}",
        "http_version": "http2",
        "is_ipv6_enabled": distribution.ipv6,
        "price_class": "PriceClass_All",
        "wait_for_deployment": True,
        "origins": [
            {
                "origin_id": distribution.origin,
                "domain_name": distribution.origin,
                "custom_origin_config": {
                    "http_port": 80,
                    "https_port": 443,
                    "origin_protocol_policy": distribution.origin_protocol,
                    "origin_ssl_protocols": list(distribution.origin_tls),
                },
                **_custom_headers(distribution),
            }
        ],
        "default_cache_behavior": {
            "target_origin_id": distribution.origin,
            "viewer_protocol_policy": distribution.viewer_protocol,
            "allowed_methods": sorted(distribution.methods),
            "cached_methods": ["GET", "HEAD"],
            "compress": False,
            "cache_policy_id": cache_policy_id,
            "origin_request_policy_id": policy_id,
        },
        # A cache policy says nothing of errors: each status must be told by itself.
        "custom_error_responses": [
            {"error_code": status, "error_caching_min_ttl": 0} for status in distribution.error_statuses
        ],
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        "viewer_certificate": {
            "acm_certificate_arn": certificate_arn,
            "ssl_support_method": "sni-only",
            "minimum_protocol_version": distribution.minimum_tls,
        },
    }
