"""Calls that people and tools make and that our own code does not."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof_lab.vendors.aws.control_plane.accounts import account_number

from tests.lab.apis.cloudfront_samples import create, error_of
from tests.lab.apis.conftest import R53_ZONE


def test_sts_says_whose_key_it_is(lab: Any) -> None:
    found = lab.aws("sts", "AKIALAB2").get_caller_identity()
    assert found["Account"] == account_number("AKIALAB2")
    assert f":{found['Account']}:" in found["Arn"]


def test_an_assumed_role_works_in_its_own_account(lab: Any) -> None:
    role = {"RoleArn": "arn:aws:iam::123456789012:role/linkproof", "RoleSessionName": "test"}
    credentials = lab.aws("sts").assume_role(**role)["Credentials"]
    assert lab.aws("sts", credentials["AccessKeyId"]).get_caller_identity()["Account"] == "123456789012"
    arn = lab.aws("acm", credentials["AccessKeyId"]).request_certificate(
        DomainName="a.example.net", ValidationMethod="DNS"
    )["CertificateArn"]
    assert ":123456789012:" in arn
    with pytest.raises(ClientError) as error:
        lab.aws("sts").assume_role(RoleArn="arn:aws:iam::1:user/no-role-at-all", RoleSessionName="test")
    assert error_of(error) == (400, "ValidationError")


def test_route_53_says_what_it_would_answer(lab: Any) -> None:
    lab.records(("CREATE", "t1.example.net", "CNAME", ["sendgrid.net"], 300))
    ask = lab.aws("route53").test_dns_answer
    found = ask(HostedZoneId=R53_ZONE, RecordName="t1.example.net", RecordType="A")
    assert (found["ResponseCode"], found["RecordData"]) == ("NOERROR", ["sendgrid.net."])
    found = ask(HostedZoneId=R53_ZONE, RecordName="t2.example.net", RecordType="A")
    assert (found["ResponseCode"], found["RecordData"]) == ("NXDOMAIN", [])
    assert lab.aws("route53").get_dnssec(HostedZoneId=R53_ZONE)["Status"]["ServeSignature"] == "NOT_SIGNING"
    assert lab.aws("route53").list_health_checks()["HealthChecks"] == []


def test_conflicting_aliases_are_shown_half_hidden_to_whoever_has_a_distribution(lab: Any) -> None:
    arn = lab.certificate("*.example.net", "url1.example.net")
    theirs = create(lab, aliases=("url1.example.net",), certificate=arn)["Distribution"]
    mine = create(lab, "r2", key="AKIALAB2")["Distribution"]
    ask = lab.aws("cloudfront", "AKIALAB2").list_conflicting_aliases
    (found,) = ask(DistributionId=mine["Id"], Alias="url1.example.net")["ConflictingAliasesList"]["Items"]
    assert found["DistributionId"].endswith(theirs["Id"][-5:])
    assert theirs["Id"] not in found["DistributionId"]
    assert ask(DistributionId=mine["Id"], Alias="*.example.net")["ConflictingAliasesList"]["Quantity"] == 1
    assert ask(DistributionId=mine["Id"], Alias="url2.example.net")["ConflictingAliasesList"]["Quantity"] == 0
    with pytest.raises(ClientError) as error:
        ask(DistributionId=theirs["Id"], Alias="url1.example.net")
    assert error_of(error) == (404, "NoSuchDistribution")


def test_an_invalidation_is_taken_and_listed(lab: Any) -> None:
    ident, client = create(lab)["Distribution"]["Id"], lab.aws("cloudfront")
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": "one"}
    made = client.create_invalidation(DistributionId=ident, InvalidationBatch=batch)["Invalidation"]
    assert client.get_invalidation(DistributionId=ident, Id=made["Id"])["Invalidation"]["InvalidationBatch"] == batch
    listed = client.list_invalidations(DistributionId=ident)["InvalidationList"]
    assert [one["Id"] for one in listed["Items"]] == [made["Id"]]
    with pytest.raises(ClientError) as error:
        client.get_invalidation(DistributionId=ident, Id="INOBODY")
    assert error_of(error) == (404, "NoSuchInvalidation")


def test_cloudflare_has_no_page_rules_and_takes_batches(lab: Any) -> None:
    zone = {"zone_id": "023e105f4ecef8ad9ca31a8372d0c353"}
    assert lab.cloudflare().page_rules.list(**zone) == []
    records = lab.cloudflare().dns.records
    post = {"type": "CNAME", "name": "b1.example.com", "content": "sendgrid.net", "ttl": 300}
    made = records.batch(**zone, posts=[post]).posts[0]
    changed = records.batch(
        **zone, patches=[{"id": made.id, "content": "a.example"}], posts=[{**post, "name": "b2.example.com"}]
    )
    assert (changed.patches[0].content, changed.posts[0].name) == ("a.example", "b2.example.com")
    text = records.export(**zone)
    assert "b1.example.com.\t300\tIN\tCNAME\ta.example." in text
    records.batch(**zone, deletes=[{"id": made.id}])
    assert [record.name for record in records.list(**zone)] == ["b2.example.com"]
