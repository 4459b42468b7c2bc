"""CloudFront's policies through boto3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.lab.apis.cloudfront_samples import (
    ALL_VIEWER,
    CACHING_DISABLED,
    behavior,
    contains,
    create,
    deployed,
    error_of,
    items,
    policy_config,
    served,
)


def listed_headers(*names: str) -> dict[str, Any]:
    return {"HeaderBehavior": "whitelist", "Headers": items(*names)}


def test_a_policy_lives_from_creation_to_deletion(lab: Any) -> None:
    client = lab.aws("cloudfront")
    made = client.create_origin_request_policy(OriginRequestPolicyConfig=policy_config())
    policy_id = made["OriginRequestPolicy"]["Id"]
    found = client.get_origin_request_policy(Id=policy_id)
    assert contains(found["OriginRequestPolicy"]["OriginRequestPolicyConfig"], policy_config())
    assert client.get_origin_request_policy_config(Id=policy_id)["ETag"] == made["ETag"]
    with pytest.raises(ClientError) as error:
        client.create_origin_request_policy(OriginRequestPolicyConfig=policy_config())
    assert error_of(error) == (409, "OriginRequestPolicyAlreadyExists")
    listed = client.list_origin_request_policies(Type="custom")["OriginRequestPolicyList"]
    assert [i["OriginRequestPolicy"]["Id"] for i in listed["Items"]] == [policy_id]

    create(lab, DefaultCacheBehavior=behavior(OriginRequestPolicyId=policy_id))
    with pytest.raises(ClientError) as error:
        client.delete_origin_request_policy(Id=policy_id, IfMatch=made["ETag"])
    assert error_of(error) == (409, "OriginRequestPolicyInUse")
    with pytest.raises(ClientError) as error:
        client.delete_origin_request_policy(Id=policy_id, IfMatch="E0")
    assert error_of(error) == (412, "PreconditionFailed")


def test_a_changed_policy_reaches_the_edges_of_its_distributions(lab: Any) -> None:
    client = lab.aws("cloudfront")
    made = client.create_origin_request_policy(OriginRequestPolicyConfig=policy_config())
    policy_id = made["OriginRequestPolicy"]["Id"]
    distribution_id = create(lab, DefaultCacheBehavior=behavior(OriginRequestPolicyId=policy_id))["Distribution"]["Id"]
    deployed(lab, distribution_id)
    assert served(lab, distribution_id)["origin_request_policy"]["headers"] == ["Host", "User-Agent"]
    changed = {**policy_config(), "HeadersConfig": {"HeaderBehavior": "none"}}
    client.update_origin_request_policy(Id=policy_id, IfMatch=made["ETag"], OriginRequestPolicyConfig=changed)
    deployed(lab, distribution_id)
    assert served(lab, distribution_id)["origin_request_policy"]["headers"] == "none"


def test_cache_policies_work_the_same_way(lab: Any) -> None:
    client = lab.aws("cloudfront")
    wanted = {
        "Name": "keyed",
        "Comment": "",
        "MinTTL": 1,
        "DefaultTTL": 2,
        "MaxTTL": 3,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": True,
            "EnableAcceptEncodingBrotli": False,
            "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": items("Host")},
            "CookiesConfig": {"CookieBehavior": "all"},
            "QueryStringsConfig": {"QueryStringBehavior": "whitelist", "QueryStrings": items("q")},
        },
    }
    made = client.create_cache_policy(CachePolicyConfig=wanted)
    policy_id = made["CachePolicy"]["Id"]
    assert contains(client.get_cache_policy(Id=policy_id)["CachePolicy"]["CachePolicyConfig"], wanted)
    etag = client.update_cache_policy(Id=policy_id, IfMatch=made["ETag"], CachePolicyConfig={**wanted, "MaxTTL": 4})[
        "ETag"
    ]
    distribution_id = create(lab, DefaultCacheBehavior=behavior(CachePolicyId=policy_id))["Distribution"]["Id"]
    deployed(lab, distribution_id)
    assert served(lab, distribution_id)["cache_policy"] == {
        "id": policy_id,
        "min_ttl": 1,
        "default_ttl": 2,
        "max_ttl": 4,
        "query_strings": ["q"],
        "headers": ["Host"],
        "cookies": "all",
    }
    with pytest.raises(ClientError) as error:
        client.delete_cache_policy(Id=policy_id, IfMatch=etag)
    assert error_of(error) == (409, "CachePolicyInUse")
    managed = client.list_cache_policies(Type="managed")["CachePolicyList"]["Items"]
    assert CACHING_DISABLED in [item["CachePolicy"]["Id"] for item in managed]


def test_managed_policies_cannot_be_changed(lab: Any) -> None:
    client = lab.aws("cloudfront")
    found = client.get_origin_request_policy(Id=ALL_VIEWER)
    with pytest.raises(ClientError) as error:
        client.update_origin_request_policy(
            Id=ALL_VIEWER, IfMatch=found["ETag"], OriginRequestPolicyConfig=policy_config()
        )
    assert error_of(error)[1] == "IllegalUpdate"
    with pytest.raises(ClientError) as error:
        client.delete_origin_request_policy(Id=ALL_VIEWER, IfMatch=found["ETag"])
    assert error_of(error)[1] == "IllegalDelete"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Name": "linkproof-prod.eu-1"}, "InvalidArgument"),
        ({"Name": "n" * 129}, "InvalidArgument"),
        ({"Comment": "c" * 129}, "InvalidArgument"),
        ({"HeadersConfig": listed_headers("Host", "Authorization")}, "InvalidArgument"),
        ({"HeadersConfig": listed_headers("accept-encoding")}, "InvalidArgument"),
        ({"HeadersConfig": listed_headers(*(f"X-{n}" for n in range(11)))}, "TooManyHeadersInOriginRequestPolicy"),
    ],
)  # fmt: skip
def test_a_policy_that_is_wrong_is_refused(lab: Any, changes: Any, code: str) -> None:
    with pytest.raises(ClientError) as error:
        lab.aws("cloudfront").create_origin_request_policy(OriginRequestPolicyConfig={**policy_config(), **changes})
    assert error_of(error) == (400, code)


def test_ten_headers_and_the_longest_name_pass(lab: Any) -> None:
    headers = listed_headers(*(f"X-{n}" for n in range(10)))
    wanted = {**policy_config("n" * 128), "Comment": "c" * 128, "HeadersConfig": headers}
    lab.aws("cloudfront").create_origin_request_policy(OriginRequestPolicyConfig=wanted)
