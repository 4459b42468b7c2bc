"""Distributions and policies that the tests ask for, and how they look at the answers."""

from __future__ import annotations

import time
from typing import Any

from linkproof_lab.edges.cloudfront.control_plane.served import served_config

CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
ALL_METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"]


def items(*values: Any) -> dict[str, Any]:
    return {"Quantity": len(values), "Items": list(values)} if values else {"Quantity": 0}


def config(
    reference: str = "r1", *, aliases: tuple[str, ...] = (), certificate: str | None = None, **changes: Any
) -> dict[str, Any]:
    viewer = {"CloudFrontDefaultCertificate": True}
    if certificate:
        viewer = {
            "ACMCertificateArn": certificate,
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
        }
    custom = {
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
        "OriginSslProtocols": items("TLSv1.2"),
    }
    return {
        "CallerReference": reference,
        "Aliases": items(*aliases),
        "Origins": items({"Id": "sender", "DomainName": "sendgrid.net", "CustomOriginConfig": custom}),
        "DefaultCacheBehavior": {
            "TargetOriginId": "sender",
            "ViewerProtocolPolicy": "allow-all",
            "AllowedMethods": items(*ALL_METHODS) | {"CachedMethods": items("GET", "HEAD")},
            "CachePolicyId": CACHING_DISABLED,
            "OriginRequestPolicyId": ALL_VIEWER,
        },
        "Comment": "a <b> & c",
        "Enabled": True,
        "ViewerCertificate": viewer,
        **changes,
    }


def policy_config(name: str = "linkproof") -> dict[str, Any]:
    return {
        "Name": name,
        "Comment": "",
        "HeadersConfig": {"HeaderBehavior": "whitelist", "Headers": items("Host", "User-Agent")},
        "CookiesConfig": {"CookieBehavior": "none"},
        "QueryStringsConfig": {"QueryStringBehavior": "all"},
    }


def cache_config(name: str, seconds: int) -> dict[str, Any]:
    return {
        "Name": name,
        "Comment": "",
        "MinTTL": 1,
        "DefaultTTL": seconds,
        "MaxTTL": seconds,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": False,
            "EnableAcceptEncodingBrotli": False,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "all"},
        },
    }


def create(lab: Any, *args: Any, key: str = "AKIALAB1", **fields: Any) -> Any:
    return lab.aws("cloudfront", key).create_distribution(DistributionConfig=config(*args, **fields))


def error_of(error: Any) -> tuple[int, str]:
    response = error.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def deployed(lab: Any, distribution_id: str) -> Any:
    client = lab.aws("cloudfront")
    return lab.eventually(
        lambda: (found := client.get_distribution(Id=distribution_id))["Distribution"]["Status"] == "Deployed" and found
    )


def served(lab: Any, distribution_id: str) -> Any:
    return served_config(lab.store.get("cloudfront-distribution", distribution_id), time.time())


def contains(whole: Any, part: Any) -> bool:
    if isinstance(part, dict):
        return all(key in whole and contains(whole[key], value) for key, value in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(contains, whole, part))
    return bool(whole == part)


def behavior(**changes: Any) -> dict[str, Any]:
    merged = {**config()["DefaultCacheBehavior"], **changes}
    return {key: value for key, value in merged.items() if value is not None}
