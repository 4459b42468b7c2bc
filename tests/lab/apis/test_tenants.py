"""CloudFront's connection groups and distribution tenants through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.lab.apis.cloudfront_samples import behavior, config, create, error_of, items

HOST = "url1.example.net"


def shared(lab: Any, reference: str = "m1", key: str = "AKIALAB1", **changes: Any) -> Any:
    wanted = config(reference, ConnectionMode="tenant-only", TenantConfig={}, **changes)
    return lab.aws("cloudfront", key).create_distribution(DistributionConfig=wanted)["Distribution"]


def group(lab: Any, name: str = "links", **fields: Any) -> Any:
    return lab.aws("cloudfront").create_connection_group(Name=name, **fields)["ConnectionGroup"]


def asked(lab: Any, **changes: Any) -> dict[str, Any]:
    """Of a tenant for the host, with all that it needs."""
    return {
        "DistributionId": changes.pop("DistributionId", None) or shared(lab)["Id"],
        "ConnectionGroupId": changes.pop("ConnectionGroupId", None) or group(lab)["Id"],
        "Name": "one",
        "Domains": [{"Domain": HOST}],
        "Customizations": {"Certificate": {"Arn": changes.pop("arn", None) or lab.certificate(HOST)}},
        **changes,
    }


def refused(lab: Any, given: dict[str, Any]) -> tuple[int, str]:
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront").create_distribution_tenant(**given)
    return error_of(error)


def test_a_tenant_is_found_by_its_id_its_name_and_its_domain(lab: Any) -> None:
    client = lab.aws("cloudfront")
    given = asked(lab, Tags={"Items": [{"Key": "owner", "Value": "mail"}]})
    made = client.create_distribution_tenant(**given)
    tenant = made["DistributionTenant"]
    assert tenant["Domains"] == [{"Domain": HOST, "Status": "active"}]
    assert tenant["Customizations"] == given["Customizations"]
    for identifier in (tenant["Id"], tenant["Arn"], "one"):
        found = client.get_distribution_tenant(Identifier=identifier)
        assert (found["DistributionTenant"]["Id"], found["ETag"]) == (tenant["Id"], made["ETag"])
    assert client.get_distribution_tenant_by_domain(Domain=HOST)["DistributionTenant"]["Id"] == tenant["Id"]
    listed = client.list_distribution_tenants(AssociationFilter={"DistributionId": given["DistributionId"]})
    assert [one["Name"] for one in listed["DistributionTenantList"]] == ["one"]
    assert not client.list_distribution_tenants(AssociationFilter={"ConnectionGroupId": "cg_0"})[
        "DistributionTenantList"
    ]
    tags = client.list_tags_for_resource(Resource=tenant["Arn"])["Tags"]["Items"]
    assert tags == [{"Key": "owner", "Value": "mail"}]
    acm = lab.aws("acm").describe_certificate(CertificateArn=given["Customizations"]["Certificate"]["Arn"])
    assert acm["Certificate"]["InUseBy"] == [tenant["Arn"]]
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront", "AKIALAB2").get_distribution_tenant(Identifier=tenant["Id"])
    assert error_of(error) == (404, "EntityNotFound")


def test_a_group_s_endpoint_answers_at_the_edges_and_the_shared_distribution_s_own_name_does_not(lab: Any) -> None:
    made = group(lab, Ipv6Enabled=True)
    endpoint = made["RoutingEndpoint"]
    assert lab.store.rrset("cloudfront.net", endpoint, "A").data == lab.settings.edge_addresses("cloudfront")
    found = lab.aws("cloudfront").get_connection_group_by_routing_endpoint(RoutingEndpoint=endpoint)
    assert (found["ConnectionGroup"]["Id"], found["ConnectionGroup"]["Ipv6Enabled"]) == (made["Id"], True)
    assert [one["Id"] for one in lab.aws("cloudfront").list_connection_groups()["ConnectionGroups"]] == [made["Id"]]
    assert lab.store.rrset("cloudfront.net", shared(lab)["DomainName"], "A") is None


def test_a_host_is_at_one_distribution_or_tenant_of_all_accounts(lab: Any) -> None:
    arn = lab.certificate(HOST)
    alone = create(lab, "alone", aliases=(HOST,), certificate=arn)
    given = asked(lab, arn=arn)
    assert refused(lab, given) == (409, "CNAMEAlreadyExists")
    client = lab.aws("cloudfront")
    client.update_distribution(
        Id=alone["Distribution"]["Id"], IfMatch=alone["ETag"], DistributionConfig=config("alone", certificate=arn)
    )
    client.create_distribution_tenant(**given)
    with pytest.raises(ClientError) as error:
        create(lab, "again", aliases=(HOST,), certificate=arn)
    assert error_of(error) == (409, "CNAMEAlreadyExists")
    again = asked(lab, arn=arn, DistributionId=given["DistributionId"], ConnectionGroupId=given["ConnectionGroupId"])
    assert refused(lab, again | {"Name": "two"}) == (409, "CNAMEAlreadyExists")
    assert refused(lab, again | {"Domains": [{"Domain": "url2.example.net"}]}) == (409, "EntityAlreadyExists")


def test_a_tenant_needs_a_certificate_that_is_issued_here_for_its_domain(lab: Any) -> None:
    given = asked(lab, arn=lab.certificate("*.example.net"))
    pending = lab.aws("acm").request_certificate(DomainName="p.example.net", ValidationMethod="DNS")["CertificateArn"]
    wrong = [
        {"Customizations": {"Certificate": {"Arn": pending}}, "Domains": [{"Domain": "p.example.net"}]},
        {"Customizations": {"Certificate": {"Arn": lab.certificate(HOST, region="eu-west-1")}}},
        {"Customizations": {"Certificate": {"Arn": lab.certificate(HOST, key="AKIALAB2")}}},
        {"Customizations": {}},
        {"Domains": [{"Domain": "a.b.example.net"}]},
        {"ManagedCertificateRequest": {"ValidationTokenHost": "cloudfront"}},
        {"Name": "_one"},
    ]
    for change in wrong:
        assert refused(lab, given | change) == (400, "InvalidArgument"), change
    assert refused(lab, given | {"DistributionId": create(lab)["Distribution"]["Id"]}) == (409, "InvalidAssociation")
    assert refused(lab, given | {"DistributionId": "E0"}) == (404, "EntityNotFound")
    assert refused(lab, given | {"ConnectionGroupId": "cg_0"}) == (404, "EntityNotFound")
    lab.aws("cloudfront").create_distribution_tenant(**given)


@pytest.mark.parametrize(
    "change",
    [
        {"PriceClass": "PriceClass_100"},
        {"IsIPV6Enabled": True},
        {"Aliases": items("a.example.net")},
        {"Staging": True},
        {"DefaultCacheBehavior": behavior(SmoothStreaming=True)},
        {"DefaultCacheBehavior": behavior(MinTTL=0)},
    ],
)
def test_what_a_shared_distribution_cannot_have(lab: Any, change: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as error:
        shared(lab, **change)
    assert error_of(error) == (400, "InvalidArgument")


def test_a_distribution_does_not_change_its_mode(lab: Any) -> None:
    made = create(lab)
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront").update_distribution(
            Id=made["Distribution"]["Id"],
            IfMatch=made["ETag"],
            DistributionConfig=config(ConnectionMode="tenant-only", TenantConfig={}),
        )
    assert error_of(error) == (400, "IllegalUpdate")
    with pytest.raises(ClientError) as error:
        create(lab, "r9", TenantConfig={"ParameterDefinitions": []}, ConnectionMode="direct")
    assert error_of(error) == (400, "InvalidArgument")


def test_the_shared_ones_have_a_quota_of_their_own(lab: Any) -> None:
    for number in range(20):
        shared(lab, f"m{number}")
    with pytest.raises(ClientError) as error:
        shared(lab, "m20")
    assert error_of(error) == (400, "EntityLimitExceeded")
    create(lab)
