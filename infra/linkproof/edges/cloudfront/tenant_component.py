"""CloudFront in tenant mode: the connection groups and multi-tenant distributions, then each link's certificate and tenant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from linkproof.contract.build import Building
from linkproof.contract.items import Item, Record
from linkproof.contract.values import Late
from linkproof.edges.cloudfront.facts import CACHING_DISABLED, VENDOR
from linkproof.edges.cloudfront.issued import issued
from linkproof.edges.cloudfront.items import Certificate, ConnectionGroup, MultitenantDistribution, Tenant
from linkproof.edges.cloudfront.tenants import ROUTING_ENDPOINT
from linkproof.names import with_dot
from linkproof.ownership import TAG, object_name

# Of a connection group's name and of a tenant's.
NAME_CHARACTERS = 128
DISTRIBUTION_TIMEOUT = "60m"

Ids = Mapping[str, pulumi.Input[str]]


def build(
    items: Sequence[Item],
    certificates: Mapping[str, Certificate],
    validations: Mapping[str, Record],
    policies: Ids,
    caches: Ids,
    building: Building,
) -> None:
    """What tenants share comes first.

    Args:
        validations: by host, the record that proves its certificate.
        policies, caches: ids by the policies' `resource`.
    """
    groups = {item.resource: _group(item, building) for item in items if isinstance(item, ConnectionGroup)}
    distributions = {
        item.resource: _distribution(item, policies, caches, building)
        for item in items
        if isinstance(item, MultitenantDistribution)
    }
    for tenant in items:
        if isinstance(tenant, Tenant):
            made = CloudFrontTenant(
                tenant,
                certificates.get(tenant.certificate),
                validations.get(tenant.certificate),
                distributions[tenant.distribution].id,
                groups[tenant.group].id,
                building,
            )
            building.made.setdefault(tenant.resource, []).append(made.tenant)


def _group(group: ConnectionGroup, building: Building) -> aws.cloudfront.ConnectionGroup:
    built = aws.cloudfront.ConnectionGroup(
        group.resource,
        name=object_name(building.owner, group.resource, NAME_CHARACTERS),
        ipv6_enabled=group.ipv6,
        enabled=True,
        tags={TAG: building.owner},
        opts=pulumi.ResourceOptions(provider=building.provider(VENDOR, group.account), protect=group.protect),
    )
    building.late[Late(group.resource, ROUTING_ENDPOINT)] = built.routing_endpoint.apply(with_dot)
    return built


def _distribution(
    distribution: MultitenantDistribution, policies: Ids, caches: Ids, building: Building
) -> aws.cloudfront.MultitenantDistribution:
    return aws.cloudfront.MultitenantDistribution(
        distribution.resource,
        **_settings(distribution, policies, caches),
        tags={TAG: building.owner},
        opts=pulumi.ResourceOptions(
            provider=building.provider(VENDOR, distribution.account),
            protect=distribution.protect,
            custom_timeouts=pulumi.CustomTimeouts(
                create=DISTRIBUTION_TIMEOUT, update=DISTRIBUTION_TIMEOUT, delete=DISTRIBUTION_TIMEOUT
            ),
        ),
    )


def _settings(distribution: MultitenantDistribution, policies: Ids, caches: Ids) -> dict[str, Any]:
    return {
        "enabled": True,
        "comment": f"linkproof: tenants of {distribution.origin}",
        "http_version": "http2",
        "origins": [
            {
                "id": distribution.origin,
                "domain_name": distribution.origin,
                "custom_origin_configs": [
                    {
                        "http_port": 80,
                        "https_port": 443,
                        "origin_protocol_policy": distribution.origin_protocol,
                        "origin_ssl_protocols": list(distribution.origin_tls),
                    }
                ],
            }
        ],
        "default_cache_behavior": {
            "target_origin_id": distribution.origin,
            "viewer_protocol_policy": distribution.viewer_protocol,
            "allowed_methods": {"items": sorted(distribution.methods), "cached_methods": ["GET", "HEAD"]},
            "compress": False,
            "cache_policy_id": caches[distribution.cache_policy] if distribution.cache_policy else CACHING_DISABLED,
            "origin_request_policy_id": policies[distribution.policy],
        },
        # A cache policy says nothing of errors: each status must be told by itself.
        "custom_error_responses": [
            {"error_code": status, "error_caching_min_ttl": 0} for status in distribution.error_statuses
        ],
        "restrictions": {"geo_restriction": {"restriction_type": "none"}},
        # Each tenant brings its own.
        "viewer_certificate": {"cloudfront_default_certificate": True},
        "tenant_config": {},
    }


class CloudFrontTenant(pulumi.ComponentResource):
    """One link's certificate and tenant. Tells `building` name and value of the record that proves the certificate, where it is not the
    user's own.

    Attributes:
        tenant: once it answers.
    """

    def __init__(
        self,
        tenant: Tenant,
        certificate: Certificate | None,
        validation: Record | None,
        distribution_id: pulumi.Input[str],
        group_id: pulumi.Input[str],
        building: Building,
    ) -> None:
        super().__init__("linkproof:cloudfront:Tenant", tenant.resource)
        # `linkproof recover` proves by this tag that an object is ours.
        tags = {TAG: building.owner}
        arn: pulumi.Input[str] = tenant.own_certificate
        if certificate is not None and validation is not None:
            arn = issued(certificate, validation, building, parent=self, tags=tags)
        self.tenant = aws.cloudfront.DistributionTenant(
            tenant.resource,
            # never another one: the provider takes a new name and sends nothing
            name=object_name(building.owner, tenant.host, NAME_CHARACTERS),
            distribution_id=distribution_id,
            connection_group_id=group_id,
            domains=[{"domain": tenant.host}],
            customizations={"certificate": {"arn": arn}},
            enabled=True,
            tags=tags,
            opts=pulumi.ResourceOptions(
                parent=self,
                provider=building.provider(VENDOR, tenant.account),
                protect=tenant.protect,
                # a host is one tenant's at a time; one in use is protected against any replacement
                delete_before_replace=True,
            ),
        )
        self.register_outputs({"id": self.tenant.id})
