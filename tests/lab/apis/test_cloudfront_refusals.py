"""What CloudFront refuses, through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.lab.apis.cloudfront_samples import (
    behavior,
    config,
    create,
    error_of,
    items,
)


def test_an_alias_belongs_to_one_distribution_of_all_accounts(lab: Any) -> None:
    arn = lab.certificate("url1.example.net", "url2.example.net")
    other = lab.certificate("url1.example.net", key="AKIALAB2")
    made = create(lab, aliases=("url1.example.net",), certificate=arn)
    with pytest.raises(ClientError) as error:
        create(lab, "r2", aliases=("URL1.example.net",), certificate=arn)
    assert error_of(error) == (409, "CNAMEAlreadyExists")
    with pytest.raises(ClientError) as error:
        create(lab, "r3", aliases=("url1.example.net",), certificate=other, key="AKIALAB2")
    assert error_of(error) == (409, "CNAMEAlreadyExists")
    moved = config(aliases=("url2.example.net",), certificate=arn)
    lab.aws("cloudfront").update_distribution(
        Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=moved
    )
    create(lab, "r3", aliases=("url1.example.net",), certificate=other, key="AKIALAB2")


def test_a_certificate_in_use_is_not_deleted_and_says_by_whom(lab: Any) -> None:
    arn = lab.certificate("url1.example.net")
    made = create(lab, aliases=("url1.example.net",), certificate=arn)["Distribution"]
    acm = lab.aws("acm")
    assert acm.describe_certificate(CertificateArn=arn)["Certificate"]["InUseBy"] == [made["ARN"]]
    with pytest.raises(ClientError) as error:
        acm.delete_certificate(CertificateArn=arn)
    assert error_of(error) == (400, "ResourceInUseException")


def test_the_viewer_certificate_must_be_issued_here_for_the_alias(lab: Any) -> None:
    wildcard = lab.certificate("*.example.net")
    create(lab, "ok", aliases=("url1.example.net",), certificate=wildcard)
    pending = lab.aws("acm").request_certificate(DomainName="p.example.net", ValidationMethod="DNS")["CertificateArn"]
    wrong = {
        "none": {"aliases": ("a.example.net",)},
        "pending": {"aliases": ("p.example.net",), "certificate": pending},
        "missing": {"certificate": wildcard[:-1] + "z"},
        "region": {"certificate": lab.certificate("e.example.net", region="eu-west-1")},
        "account": {"certificate": lab.certificate("f.example.net", key="AKIALAB2")},
        "too deep": {"aliases": ("a.b.example.net",), "certificate": wildcard},
        "apex": {"aliases": ("example.net",), "certificate": wildcard},
    }
    for reference, fields in wrong.items():
        with pytest.raises(ClientError) as error:
            create(lab, reference, **fields)
        assert error_of(error) == (400, "InvalidViewerCertificate"), reference


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"DefaultCacheBehavior": behavior(CachePolicyId="nope")}, (404, "NoSuchCachePolicy")),
        ({"DefaultCacheBehavior": behavior(OriginRequestPolicyId="nope")}, (404, "NoSuchOriginRequestPolicy")),
        ({"DefaultCacheBehavior": behavior(TargetOriginId="nope")}, (404, "NoSuchOrigin")),
        ({"DefaultCacheBehavior": behavior(CachePolicyId=None)}, (400, "InvalidArgument")),
        ({"DefaultCacheBehavior": behavior(AllowedMethods=items("GET", "POST"))}, (400, "InvalidArgument")),
        ({"Comment": "c" * 129}, (400, "InvalidArgument")),
        ({"HttpVersion": "http4"}, (400, "InvalidArgument")),
        ({"PriceClass": "PriceClass_300"}, (400, "InvalidArgument")),
        ({"CustomErrorResponses": items({"ErrorCode": 418})}, (400, "InvalidErrorCode")),
        ({"CustomErrorResponses": items({"ErrorCode": 404}, {"ErrorCode": 404})}, (400, "InvalidErrorCode")),
        ({"CustomErrorResponses": items({"ErrorCode": 404, "ResponsePagePath": "/x"})}, (400, "InvalidResponseCode")),
        ({"Aliases": {"Quantity": 2, "Items": ["a.example.net"]}}, (400, "InconsistentQuantities")),
        ({"Aliases": items("not a name")}, (400, "InvalidArgument")),
        ({"Aliases": items(*(f"u{n}.example.net" for n in range(101)))}, (400, "TooManyDistributionCNAMEs")),
        ({"Origins": items({"Id": "sender", "DomainName": "192.0.2.1", "S3OriginConfig": {"OriginAccessIdentity": ""}})}, (400, "InvalidArgument")),
    ],
)  # fmt: skip
def test_a_configuration_that_is_wrong_is_refused(lab: Any, changes: Any, expected: tuple[int, str]) -> None:
    with pytest.raises(ClientError) as error:
        create(lab, **changes)
    assert error_of(error) == expected
    assert lab.aws("cloudfront").list_distributions()["DistributionList"]["Quantity"] == 0


def test_the_longest_comment_and_every_known_version_pass(lab: Any) -> None:
    for n, version in enumerate(("http1.1", "http2", "http3", "http2and3")):
        create(lab, f"r{n}", HttpVersion=version, Comment="c" * 128, PriceClass="PriceClass_100")


def test_an_alias_is_refused_while_dns_leads_to_another_distribution(lab: Any) -> None:
    arn = lab.certificate("url1.example.net", key="AKIALAB2")
    theirs = create(lab)["Distribution"]
    wanted = {"aliases": ("url1.example.net",), "certificate": arn, "key": "AKIALAB2"}
    for target in (theirs["DomainName"], "dgone0000000.cloudfront.net"):
        lab.records(("UPSERT", "url1.example.net", "CNAME", [target], 60))
        with pytest.raises(ClientError, match="points to another CloudFront distribution") as error:
            create(lab, "r2", **wanted)
        assert error_of(error) == (409, "CNAMEAlreadyExists")
    lab.records(("UPSERT", "url1.example.net", "CNAME", ["sendgrid.net"], 60))
    made = create(lab, "r2", **wanted)
    lab.records(("UPSERT", "url1.example.net", "CNAME", [made["Distribution"]["DomainName"]], 60))
    same = config("r2", aliases=("url1.example.net",), certificate=arn, Comment="changed while it is live")
    lab.aws("cloudfront", "AKIALAB2").update_distribution(
        Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=same
    )


def test_another_account_s_distribution_does_not_exist(lab: Any) -> None:
    made = create(lab)["Distribution"]
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront", "AKIALAB2").get_distribution(Id=made["Id"])
    assert error_of(error) == (404, "NoSuchDistribution")


def test_a_caller_reference_is_used_once_and_never_changed(lab: Any) -> None:
    made = create(lab)
    with pytest.raises(ClientError) as error:
        create(lab)
    assert error_of(error) == (409, "DistributionAlreadyExists")
    create(lab, key="AKIALAB2")
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront").update_distribution(
            Id=made["Distribution"]["Id"], IfMatch=made["ETag"], DistributionConfig=config("other")
        )
    assert error_of(error) == (400, "IllegalUpdate")


def test_the_quota_of_distributions_holds(lab: Any) -> None:
    lab.store.put("cloudfront", "settings", {"max_distributions": 1})
    create(lab)
    with pytest.raises(ClientError) as error:
        create(lab, "r2")
    assert error_of(error) == (400, "TooManyDistributions")
