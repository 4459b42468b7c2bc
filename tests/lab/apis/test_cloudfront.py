"""CloudFront's distributions through boto3."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError
from linkproof_lab.edges.cloudfront.control_plane.served import served_config

from tests.lab.apis.cloudfront_samples import (
    ALL_METHODS,
    ALL_VIEWER,
    CACHING_DISABLED,
    config,
    create,
    deployed,
    error_of,
    served,
)


def test_an_edge_serves_the_last_deployed_configuration(lab: Any) -> None:
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 3600})
    distribution_id = create(lab)["Distribution"]["Id"]
    doc = lab.store.get("cloudfront-distribution", distribution_id)
    assert served_config(doc, time.time()) is None
    assert lab.aws("cloudfront").get_distribution(Id=distribution_id)["Distribution"]["Status"] == "InProgress"
    first = served_config(doc, time.time() + 3601)
    assert first == {
        "id": distribution_id,
        "account": doc["account"],
        "domain": doc["domain"],
        "aliases": [],
        "enabled": True,
        "certificate_arn": None,
        "minimum_protocol_version": "TLSv1",
        "origin": {
            "domain": "sendgrid.net",
            "http_port": 80,
            "https_port": 443,
            "protocol_policy": "https-only",
            "ssl_protocols": ["TLSv1.2"],
            "custom_headers": {},
        },
        "viewer_protocol_policy": "allow-all",
        "allowed_methods": ALL_METHODS,
        "cache_policy": {
            "id": CACHING_DISABLED,
            "min_ttl": 0,
            "default_ttl": 0,
            "max_ttl": 0,
            "query_strings": "none",
            "headers": [],
            "cookies": "none",
        },
        "origin_request_policy": {"id": ALL_VIEWER, "headers": "allViewer", "query_strings": "all", "cookies": "all"},
        "error_caching": [],
        "ipv6": True,
        "http_version": "http2",
    }


def test_an_update_reaches_the_edges_after_its_deployment(lab: Any) -> None:
    made = create(lab)
    distribution_id = made["Distribution"]["Id"]
    etag = deployed(lab, distribution_id)["ETag"]
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 3600})
    lab.aws("cloudfront").update_distribution(
        Id=distribution_id, IfMatch=etag, DistributionConfig=config(Enabled=False)
    )
    assert served(lab, distribution_id)["enabled"] is True
    doc = lab.store.get("cloudfront-distribution", distribution_id)
    assert served_config(doc, time.time() + 3601)["enabled"] is False


def test_the_domain_answers_as_long_as_the_distribution_exists(lab: Any) -> None:
    made = create(lab)["Distribution"]
    assert made["DomainName"].startswith("d")
    assert len(made["DomainName"]) == len("d1234567890123.cloudfront.net")
    assert lab.served("cloudfront.net", made["DomainName"], "A") == (60, lab.settings.edge_addresses("cloudfront"))
    client = lab.aws("cloudfront")
    etag = deployed(lab, made["Id"])["ETag"]
    with pytest.raises(ClientError) as error:
        client.delete_distribution(Id=made["Id"], IfMatch=etag)
    assert error_of(error) == (409, "DistributionNotDisabled")
    etag = client.update_distribution(Id=made["Id"], IfMatch=etag, DistributionConfig=config(Enabled=False))["ETag"]
    deployed(lab, made["Id"])
    client.delete_distribution(Id=made["Id"], IfMatch=etag)
    assert lab.served("cloudfront.net", made["DomainName"], "A") is None
    with pytest.raises(ClientError) as error:
        client.get_distribution(Id=made["Id"])
    assert error_of(error) == (404, "NoSuchDistribution")
    create(lab)  # the caller reference is free again


def test_a_disabled_distribution_that_still_deploys_is_not_deleted(lab: Any) -> None:
    lab.store.put("cloudfront", "settings", {"deploy_seconds": 3600})
    made = create(lab, Enabled=False)
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront").delete_distribution(Id=made["Distribution"]["Id"], IfMatch=made["ETag"])
    assert error_of(error) == (409, "DistributionNotDisabled")


def test_a_change_must_name_the_version_it_means(lab: Any) -> None:
    made = create(lab)
    client, distribution_id = lab.aws("cloudfront"), made["Distribution"]["Id"]
    client.update_distribution(Id=distribution_id, IfMatch=made["ETag"], DistributionConfig=config(Comment="new"))
    for call in (client.delete_distribution, lambda **q: client.update_distribution(DistributionConfig=config(), **q)):
        with pytest.raises(ClientError) as error:
            call(Id=distribution_id, IfMatch=made["ETag"])
        assert error_of(error) == (412, "PreconditionFailed")
        with pytest.raises(ClientError) as error:
            call(Id=distribution_id)
        assert error_of(error) == (400, "InvalidIfMatchVersion")


def test_distributions_are_listed_in_pages_per_account(lab: Any) -> None:
    ids = [create(lab, f"r{n}")["Distribution"]["Id"] for n in range(3)]
    pages = list(lab.aws("cloudfront").get_paginator("list_distributions").paginate(PaginationConfig={"PageSize": 2}))
    assert [d["Id"] for page in pages for d in page["DistributionList"]["Items"]] == ids
    assert lab.aws("cloudfront", "AKIALAB2").list_distributions()["DistributionList"]["Quantity"] == 0
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront", "AKIALAB2").get_distribution(Id=ids[0])
    assert error_of(error) == (404, "NoSuchDistribution")


def test_tags_are_given_at_creation_and_changed_later(lab: Any) -> None:
    client = lab.aws("cloudfront")
    tagged = {"DistributionConfig": config(), "Tags": {"Items": [{"Key": "a", "Value": "1"}]}}
    arn = client.create_distribution_with_tags(DistributionConfigWithTags=tagged)["Distribution"]["ARN"]
    client.tag_resource(Resource=arn, Tags={"Items": [{"Key": "b", "Value": "2"}]})
    client.untag_resource(Resource=arn, TagKeys={"Items": ["a"]})
    assert client.list_tags_for_resource(Resource=arn)["Tags"]["Items"] == [{"Key": "b", "Value": "2"}]


def test_distributions_survive_a_restart_with_their_aliases_and_certificates(lab: Any) -> None:
    arn = lab.certificate("url1.example.net")
    made = create(lab, aliases=("url1.example.net",), certificate=arn)
    lab.restart()
    found = lab.aws("cloudfront").get_distribution(Id=made["Distribution"]["Id"])
    assert found["ETag"] == made["ETag"]
    with pytest.raises(ClientError) as error:
        create(lab, "r2", aliases=("url1.example.net",), certificate=arn)
    assert error_of(error) == (409, "CNAMEAlreadyExists")
    with pytest.raises(ClientError) as error:
        lab.aws("acm").delete_certificate(CertificateArn=arn)
    assert error_of(error) == (400, "ResourceInUseException")
