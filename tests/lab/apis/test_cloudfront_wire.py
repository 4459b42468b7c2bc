"""Every member of a configuration crosses the wire both ways."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from linkproof_lab.vendors.aws.control_plane.xmlwire import WireError, decode, shapes_of

from tests.lab.apis.cloudfront_samples import (
    ALL_VIEWER,
    config,
    contains,
    create,
)


def test_a_configuration_comes_back_as_it_was_given_with_the_vendors_defaults(lab: Any) -> None:
    made = create(lab)
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert made["Location"].endswith(f"/distribution/{made['Distribution']['Id']}")
    found = lab.aws("cloudfront").get_distribution_config(Id=made["Distribution"]["Id"])
    assert found["ETag"] == made["ETag"]
    assert contains(found["DistributionConfig"], {k: v for k, v in config().items() if k != "ViewerCertificate"})
    defaults = {
        "PriceClass": "PriceClass_All",
        "HttpVersion": "http2",
        "IsIPV6Enabled": True,
        "WebACLId": "",
        "Staging": False,
    }
    assert contains(found["DistributionConfig"], defaults)
    assert found["DistributionConfig"]["Origins"]["Items"][0]["ConnectionAttempts"] == 3
    assert found["DistributionConfig"]["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1"


def test_every_member_that_the_sdk_knows_survives_the_round_trip(lab: Any) -> None:
    """A value for each member of the model, as deep as it goes, except those that exclude each other."""
    full = sample(model().shape_for("DistributionConfig"))
    base = config()
    for behavior in (full["DefaultCacheBehavior"], *full["CacheBehaviors"]["Items"]):
        behavior.pop("CachePolicyId")
        behavior.update(TargetOriginId="x", ViewerProtocolPolicy="allow-all", OriginRequestPolicyId=ALL_VIEWER)
        behavior["AllowedMethods"] = base["DefaultCacheBehavior"]["AllowedMethods"]
    for member in ("S3OriginConfig", "VpcOriginConfig"):
        full["Origins"]["Items"][0].pop(member)
    full.pop("TenantConfig")  # of a distribution for tenants, which has no aliases
    full |= {"HttpVersion": "http3", "PriceClass": "PriceClass_200", "ConnectionMode": "direct"}
    full["CustomErrorResponses"]["Items"][0]["ErrorCode"] = 404
    full |= {"Aliases": {"Quantity": 0}, "ViewerCertificate": {"CloudFrontDefaultCertificate": True}}
    made = lab.aws("cloudfront").create_distribution(DistributionConfig=full)
    found = lab.aws("cloudfront").get_distribution_config(Id=made["Distribution"]["Id"])["DistributionConfig"]
    assert contains(found, full)


def model(service: str = "cloudfront") -> Any:
    return botocore.session.get_session().get_service_model(service)


def sample(shape: Any) -> Any:
    if shape.type_name == "structure":
        made = {name: sample(member) for name, member in shape.members.items()}
        return {**made, "Quantity": len(made["Items"])} if {"Quantity", "Items"} <= made.keys() else made
    if shape.type_name == "list":
        return [sample(shape.member)] * shape.metadata.get("min", 1)
    return {"boolean": True, "integer": 7, "long": 7}.get(shape.type_name, "x")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<DistributionConfig", "unclosed token"),
        ("<Other/>", "expected DistributionConfig, found Other"),
        ("<DistributionConfig/>", "needs CallerReference"),
        ("<DistributionConfig><Colour>red</Colour></DistributionConfig>", "needs CallerReference"),
    ],
)
def test_a_body_that_is_not_of_the_vendor_s_shape_is_refused(body: str, reason: str) -> None:
    with pytest.raises(WireError, match=reason):
        decode(body.encode(), "DistributionConfig", "DistributionConfig", shapes_of("cloudfront"))


def test_a_member_that_the_vendor_does_not_have_is_refused() -> None:
    """Also one that travels in the query of another request."""
    decode(b"<Paths><Quantity>0</Quantity></Paths>", "Paths", "Paths", shapes_of("cloudfront"))
    with pytest.raises(WireError, match="Paths has no member Marker"):
        decode(b"<Paths><Quantity>0</Quantity><Marker/></Paths>", "Paths", "Paths", shapes_of("cloudfront"))
