"""Every member of a configuration crosses the wire both ways."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from linkproof_lab.dns.route53.control_plane.shapes import SHAPES as ROUTE53_SHAPES
from linkproof_lab.edges.cloudfront.control_plane.shapes import SHAPES as CLOUDFRONT_SHAPES

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
    full |= {"HttpVersion": "http3", "PriceClass": "PriceClass_200"}
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


@pytest.mark.parametrize(("service", "shapes"), [("cloudfront", CLOUDFRONT_SHAPES), ("route53", ROUTE53_SHAPES)])
def test_the_shapes_have_the_members_and_element_names_of_the_vendors_model(service: str, shapes: Any) -> None:
    vendor = model(service)
    compared = 0
    for name, members in shapes.items():
        if name not in vendor.shape_names:
            continue
        compared += 1
        theirs = vendor.shape_for(name).members
        for member in members:
            assert member.name in theirs, f"{name}.{member.name}"
            if member.kind == "list":
                tag = theirs[member.name].member.serialization.get("name", "member")
                assert member.tag == tag, f"{name}.{member.name}"
    assert compared >= len(shapes) - 1
