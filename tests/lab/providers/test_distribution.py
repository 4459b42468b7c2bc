"""aws:cloudfront/distribution:Distribution against the lab's CloudFront API."""

from __future__ import annotations

import copy

import pytest

from tests.lab.providers.harness import RefusedError, issue_certificate

TOKEN = "aws:cloudfront/distribution:Distribution"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"


def edge(**changes):
    inputs = {
        "enabled": True,
        "origins": [
            {
                "originId": "sender",
                "domainName": "sendgrid.net",
                "customOriginConfig": {
                    "httpPort": 80,
                    "httpsPort": 443,
                    "originProtocolPolicy": "https-only",
                    "originSslProtocols": ["TLSv1.2"],
                },
                "customHeaders": [{"name": "X-Edge", "value": "one"}],
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "sender",
            "viewerProtocolPolicy": "allow-all",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "cachePolicyId": CACHING_DISABLED,
            "originRequestPolicyId": ALL_VIEWER,
        },
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "viewerCertificate": {"cloudfrontDefaultCertificate": True},
        "isIpv6Enabled": True,
        "comment": "newsletter",
    }
    return {**inputs, **changes}


@pytest.fixture(autouse=True)
def _fast(lab):
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 0.3})


@pytest.fixture
def distribution(aws):
    return aws.resource(TOKEN)


@pytest.fixture
def certificate(aws, lab):
    """An issued certificate in the region that CloudFront takes certificates from."""
    made = aws.resource("aws:acm/certificate:Certificate")
    made.create(
        {
            "domainName": "url1.example.net",
            "subjectAlternativeNames": ["url2.example.net"],
            "validationMethod": "DNS",
            "region": "us-east-1",
        }
    )
    issue_certificate(lab, made.id)
    yield made.id
    made.delete()


def test_a_distribution_lives_from_create_to_delete(distribution):
    distribution.create(edge(tags={"owner": "mail"}))
    out = distribution.outputs
    assert out["status"] == "Deployed"
    assert out["domainName"].endswith(".cloudfront.net")
    assert out["hostedZoneId"] == "Z2FDTNDATAQYW2"
    assert (out["httpVersion"], out["priceClass"], out["tagsAll"]) == ("http2", "PriceClass_All", {"owner": "mail"})
    assert distribution.changed(edge(tags={"owner": "mail"})) == (set(), set())
    assert distribution.refresh()[0] == edge(tags={"owner": "mail"})
    changed = edge(tags={"owner": "web"}, priceClass="PriceClass_100")
    changed["defaultCacheBehavior"] = {**changed["defaultCacheBehavior"], "viewerProtocolPolicy": "redirect-to-https"}
    assert distribution.changed(changed) == (
        {"tags.owner", "priceClass", "defaultCacheBehavior.viewerProtocolPolicy"},
        set(),
    )
    before = out["etag"]
    distribution.update(changed)
    assert distribution.outputs["etag"] != before
    assert distribution.outputs["domainName"] == out["domainName"]
    assert distribution.refresh()[0] == changed
    distribution.delete()
    assert distribution.refresh() is None
    distribution.delete()


def test_defaults_and_the_order_of_sets_are_no_difference(distribution):
    distribution.inputs = edge(aliases=["b.example.net", "a.example.net"])
    same = copy.deepcopy(edge(aliases=["A.example.net", "b.example.net"], httpVersion="http2", waitForDeployment=True))
    same["defaultCacheBehavior"]["allowedMethods"].reverse()
    same["origins"][0]["connectionAttempts"] = 3
    assert distribution.changed(same) == (set(), set())


def test_everything_that_an_edge_needs_survives_the_round_trip(distribution, certificate):
    inputs = edge(
        aliases=["url1.example.net", "url2.example.net"],
        viewerCertificate={
            "acmCertificateArn": certificate,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
        httpVersion="http2and3",
        customErrorResponses=[
            {"errorCode": 404, "errorCachingMinTtl": 0},
            {"errorCode": 503, "errorCachingMinTtl": 7, "responseCode": 200, "responsePagePath": "/sorry"},
        ],
    )
    inputs["defaultCacheBehavior"] |= {
        "allowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        "compress": True,
    }
    inputs["orderedCacheBehaviors"] = [
        {
            "pathPattern": "/ls/*",
            "targetOriginId": "sender",
            "viewerProtocolPolicy": "allow-all",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "cachePolicyId": CACHING_DISABLED,
        }
    ]
    distribution.create(inputs)
    assert distribution.refresh()[0] == inputs
    distribution.delete()


def test_an_alias_that_is_taken_is_refused(distribution, aws, certificate):
    tls = {"acmCertificateArn": certificate, "sslSupportMethod": "sni-only"}
    distribution.create(edge(aliases=["url1.example.net"], viewerCertificate=tls))
    with pytest.raises(RefusedError, match="HTTP 409, CNAMEAlreadyExists"):
        aws.resource(TOKEN, "second").create(edge(aliases=["url1.example.net"], viewerCertificate=tls))
    distribution.delete()


def test_import_takes_the_id(distribution, aws):
    distribution.create(edge())
    found_id, inputs, outputs = aws.resource(TOKEN).imported(distribution.id)
    assert (found_id, inputs) == (distribution.id, edge())
    assert outputs["arn"] == distribution.outputs["arn"]
    assert aws.resource(TOKEN).imported("E0NOBODY") is None
    distribution.delete()


@pytest.mark.stand_in_only("it asks less often than this test waits")
def test_a_deployment_that_takes_too_long_is_recorded_and_finished_by_an_update(distribution, lab):
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 2})
    with pytest.raises(RefusedError, match=r"deploying distribution .* did not happen") as caught:
        distribution.create(edge(), timeout=0.3)
    made = caught.value.init_failed
    assert made.id.startswith("E")
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 0.1})
    distribution.id, distribution.inputs, distribution.outputs = made.id, edge(), edge()
    distribution.update(edge())
    assert distribution.outputs["status"] == "Deployed"
    distribution.delete()


def test_a_program_may_choose_not_to_wait(distribution, lab):
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 2})
    distribution.create(edge(waitForDeployment=False))
    assert distribution.outputs["status"] == "InProgress"
    assert distribution.refresh()[0] == edge(waitForDeployment=False)
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 0.1})
    distribution.update(edge(waitForDeployment=False))
    distribution.delete()


def test_retain_on_delete_leaves_it_disabled(distribution, aws):
    distribution.create(edge(retainOnDelete=True))
    distribution.delete()
    _, inputs, _ = aws.resource(TOKEN).imported(distribution.id)
    assert inputs["enabled"] is False
    distribution.outputs = {**distribution.outputs, "retainOnDelete": False}
    distribution.delete()
    assert distribution.refresh() is None


@pytest.mark.stand_in_only("it redacts nothing")
def test_a_secret_of_the_config_is_nowhere_in_an_error(distribution):
    with pytest.raises(RefusedError) as caught:
        distribution.create(edge(comment="planted-secret-key", aliases=["no.example.net"]))
    assert "planted-secret-key" not in str(caught.value)


@pytest.mark.stand_in_only("its checks have other words")
def test_check_names_nested_properties(distribution):
    inputs = copy.deepcopy(edge())
    inputs["origins"][0]["customOriginConfig"]["httpPorts"] = 80
    inputs["origins"][0]["s3OriginConfig"] = {}
    del inputs["defaultCacheBehavior"]["targetOriginId"]
    del inputs["defaultCacheBehavior"]["cachePolicyId"]
    failures = distribution.failures(inputs)
    assert set(failures) == {
        "origins[0].customOriginConfig.httpPorts",
        "origins[0].s3OriginConfig",
        "defaultCacheBehavior.targetOriginId",
        "defaultCacheBehavior.cachePolicyId",
    }


@pytest.mark.stand_in_only("which outputs a preview leaves open is the bridge's")
def test_a_preview_of_an_update_keeps_the_domain_name(distribution):
    distribution.create(edge())
    preview = distribution.update(edge(comment="other"), preview=True)
    assert preview["domainName"] == distribution.outputs["domainName"]
    assert preview["comment"] == "other"
    assert repr(preview["etag"]) == "<unknown>"
    distribution.delete()
