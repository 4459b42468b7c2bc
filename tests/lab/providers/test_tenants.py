"""CloudFront's multi-tenant distributions, connection groups and tenants against the lab's API."""

from __future__ import annotations

import pytest
from linkproof.providers.protocol.schema import Field
from linkproof_lab.edges.cloudfront.stand_in import multitenant
from pulumi._types import input_type_py_to_pulumi_names, resource_types
from pulumi_aws import cloudfront as sdk

from tests.lab.providers.harness import RefusedError, issue_certificate

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
HOST = "url1.example.net"


def shared(**changes):
    inputs = {
        "enabled": True,
        "comment": "tenants",
        "origins": [
            {
                "id": "sender",
                "domainName": "sendgrid.net",
                "customOriginConfigs": [
                    {
                        "httpPort": 80,
                        "httpsPort": 443,
                        "originProtocolPolicy": "https-only",
                        "originSslProtocols": ["TLSv1.2"],
                    }
                ],
                "customHeaders": [{"headerName": "X-Edge", "headerValue": "one"}],
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "sender",
            "viewerProtocolPolicy": "allow-all",
            "allowedMethods": {"items": ["GET", "HEAD"], "cachedMethods": ["GET", "HEAD"]},
            "cachePolicyId": CACHING_DISABLED,
        },
        "customErrorResponses": [{"errorCode": 404, "errorCachingMinTtl": 0}],
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "tenantConfig": {},
    }
    return {**inputs, **changes}


def names(what: Field) -> set[str]:
    return {*what.fields, *what.elsewhere}


def inputs_of(args) -> set[str]:
    return set(input_type_py_to_pulumi_names(args).values())


@pytest.mark.parametrize("name", ["MultitenantDistribution", "ConnectionGroup", "DistributionTenant"])
def test_a_type_takes_and_gives_exactly_the_sdk_s_properties(name):
    stand_in = getattr(multitenant, name)
    assert names(stand_in.schema) == inputs_of(getattr(sdk, f"{name}Args"))
    given = set(resource_types(getattr(sdk, name))) - {"id", "urn"}
    assert {*names(stand_in.schema), *stand_in.computed} == given


@pytest.mark.parametrize(
    ("kind", "path", "args"),
    [
        ("MultitenantDistribution", "origins", "Origin"),
        ("MultitenantDistribution", "origins.customOriginConfigs", "OriginCustomOriginConfig"),
        ("MultitenantDistribution", "origins.customHeaders", "OriginCustomHeader"),
        ("MultitenantDistribution", "defaultCacheBehavior", "DefaultCacheBehavior"),
        ("MultitenantDistribution", "defaultCacheBehavior.allowedMethods", "DefaultCacheBehaviorAllowedMethods"),
        ("MultitenantDistribution", "customErrorResponses", "CustomErrorResponse"),
        ("MultitenantDistribution", "restrictions.geoRestriction", "RestrictionsGeoRestriction"),
        ("MultitenantDistribution", "viewerCertificate", "ViewerCertificate"),
        ("MultitenantDistribution", "tenantConfig", "TenantConfig"),
        ("DistributionTenant", "domains", "Domain"),
        ("DistributionTenant", "customizations", "Customizations"),
        ("DistributionTenant", "customizations.certificate", "CustomizationsCertificate"),
    ],
)
def test_what_is_inside_has_the_sdk_s_members(kind, path, args):
    what = getattr(multitenant, kind).schema
    for name in path.split("."):
        what = what.fields[name]
        what = what.item or what
    assert names(what) == inputs_of(getattr(sdk, f"{kind}{args}Args"))


@pytest.fixture(autouse=True)
def _fast(lab):
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 0.3})


@pytest.fixture
def certificate(aws, lab):
    made = aws.resource("aws:acm/certificate:Certificate")
    made.create({"domainName": HOST, "validationMethod": "DNS", "region": "us-east-1"})
    issue_certificate(lab, made.id)
    yield made.id
    made.delete()


@pytest.fixture
def distribution(aws):
    return aws.resource("aws:cloudfront/multitenantDistribution:MultitenantDistribution")


@pytest.fixture
def group(aws):
    return aws.resource("aws:cloudfront/connectionGroup:ConnectionGroup")


@pytest.fixture
def tenant(aws):
    return aws.resource("aws:cloudfront/distributionTenant:DistributionTenant")


def test_a_tenant_lives_between_what_it_shares_and_nothing_in_use_is_deleted(group, distribution, tenant, certificate):
    distribution.create(shared(tags={"owner": "mail"}))
    assert (distribution.outputs["status"], distribution.outputs["connectionMode"]) == ("Deployed", "tenant-only")
    assert distribution.changed(shared(tags={"owner": "mail"})) == (set(), set())
    assert distribution.refresh()[0] == shared(tags={"owner": "mail"})
    group.create({"name": "links", "ipv6Enabled": True})
    endpoint = group.outputs["routingEndpoint"]
    assert endpoint.endswith(".cloudfront.net")
    inputs = {
        "name": "one",
        "distributionId": distribution.id,
        "connectionGroupId": group.id,
        "domains": [{"domain": HOST}],
        "customizations": {"certificate": {"arn": certificate}},
        "tags": {"owner": "mail"},
    }
    tenant.create(inputs)
    assert tenant.outputs["status"] == "Deployed"
    assert tenant.changed(inputs) == (set(), set())
    assert tenant.refresh()[0] == inputs
    for used, code in ((distribution, "ResourceInUse"), (group, "CannotDeleteEntityWhileInUse")):
        with pytest.raises(RefusedError, match=code):
            used.delete()
    off = {**inputs, "enabled": False}
    tenant.update(off)
    assert tenant.refresh()[0] == off
    tenant.delete()
    assert tenant.refresh() is None
    tenant.delete()
    group.delete()
    distribution.delete()
    assert (group.refresh(), distribution.refresh()) == (None, None)


def test_a_shared_distribution_is_changed_in_place(distribution):
    distribution.create(shared())
    changed = shared(comment="other")
    changed["defaultCacheBehavior"] = {**changed["defaultCacheBehavior"], "compress": True}
    assert distribution.changed(changed) == ({"comment", "defaultCacheBehavior.compress"}, set())
    distribution.update(changed)
    assert distribution.refresh()[0] == changed
    distribution.delete()


def test_what_replaces_a_tenant_and_what_does_nothing(tenant):
    old = {"name": "one", "distributionId": "E1", "domains": [{"domain": HOST}]}
    tenant.inputs = old
    assert tenant.changed({**old, "distributionId": "E2"}) == ({"distributionId"}, {"distributionId"})
    assert tenant.changed({**old, "domains": [{"domain": "url2.example.net"}]}) == ({"domains"}, set())
    assert tenant.changed({**old, "name": "two"}) == ({"name"}, set())


def test_another_name_replaces_a_group(group):
    group.inputs = {"name": "links"}
    assert group.changed({"name": "other"}) == ({"name"}, {"name"})


@pytest.mark.stand_in_only("what it does not serve")
def test_a_managed_certificate_is_not_served(tenant):
    with pytest.raises(AssertionError, match="managedCertificateRequest"):
        tenant.check({"name": "x", "distributionId": "E1", "managedCertificateRequest": {}})
