"""Tenants that exist at CloudFront: this stack's are taken over, another's and a distribution with the host are in the way."""

from __future__ import annotations

from typing import Any

import pytest
from linkproof.edges.cloudfront.items import CONNECTION_GROUP, MULTITENANT, TENANT
from linkproof.engine.adopt.look import existing, in_the_way
from linkproof.engine.clients import Clients

from tests.lab.apis.cloudfront_samples import config, create
from tests.lab.apis.conftest import Lab

MARK = {"linkproof:stack": "organization/linkproof/dev"}


def steps(host: str) -> list[dict[str, Any]]:
    """What a preview would create for one link."""
    wanted = {
        CONNECTION_GROUP: {"name": f"g-{host}"},
        MULTITENANT: {"origins": [{"domainName": f"origin.{host}"}]},
        TENANT: {"domains": [{"domain": host}]},
    }
    provider = "urn:pulumi:dev::linkproof::pulumi:providers:aws::aws-default::1"
    return [
        {
            "op": "create",
            "newState": {
                "urn": f"urn:pulumi:dev::linkproof::{rtype}::{host}",
                "type": rtype,
                "provider": provider,
                "inputs": {**inputs, "tags": MARK},
            },
        }
        for rtype, inputs in wanted.items()
    ]


def made(vendors: Lab, host: str, tags: dict[str, str]) -> dict[str, str]:
    """A tenant of a distribution with its own origin, all with the same tags."""
    cloudfront = vendors.aws("cloudfront")
    held = {"Items": [{"Key": key, "Value": value} for key, value in tags.items()]}
    wanted = config(host, ConnectionMode="tenant-only", TenantConfig={})
    wanted["Origins"]["Items"][0]["DomainName"] = f"origin.{host}"
    shared = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": wanted, "Tags": held}
    )["Distribution"]["Id"]
    group = cloudfront.create_connection_group(Name=f"g-{host}", Tags=held)["ConnectionGroup"]["Id"]
    tenant = cloudfront.create_distribution_tenant(
        DistributionId=shared,
        ConnectionGroupId=group,
        Name=host,
        Domains=[{"Domain": host}],
        Customizations={"Certificate": {"Arn": vendors.certificate(host)}},
        Tags=held,
    )["DistributionTenant"]["Id"]
    return {CONNECTION_GROUP: group, MULTITENANT: shared, TENANT: tenant}


def test_what_this_stack_made_is_taken_over_whole(vendors: Lab, clients: Clients) -> None:
    ids = made(vendors, "a1.example.net", MARK)
    assert {one.type: one.id for one in existing(steps("a1.example.net"), lambda: clients)} == ids
    assert list(in_the_way(steps("a1.example.net"), lambda: clients)) == []


@pytest.mark.parametrize("tags", [{}, {"linkproof:stack": "organization/other/dev"}])
def test_another_s_tenant_is_in_the_way_and_nothing_of_it_is_taken(
    vendors: Lab, clients: Clients, tags: dict[str, str]
) -> None:
    host = f"b{len(tags)}.example.net"
    ids = made(vendors, host, tags)
    assert list(existing(steps(host), lambda: clients)) == []
    (found,) = in_the_way(steps(host), lambda: clients)
    assert (found.id, found.what) == (ids[TENANT], f"tenant {host} with domain {host}")
    assert "lead the host elsewhere first" in found.doubt


def test_a_distribution_that_has_the_host_is_in_the_way_too(vendors: Lab, clients: Clients) -> None:
    host = "c1.example.net"
    held = create(vendors, host, aliases=(host,), certificate=vendors.certificate(host))["Distribution"]["Id"]
    (found,) = in_the_way(steps(host), lambda: clients)
    assert (found.id, found.what) == (held, f"distribution {held} with alias {host}")
