"""The managed policies that the lab has, with the vendor's ids.

docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html and
using-managed-origin-request-policies.html
"""

from __future__ import annotations

from typing import Any


def _cache(name: str, ttls: tuple[int, int, int], *, compressed: bool) -> dict[str, Any]:
    minimum, default, maximum = ttls
    return {
        "Comment": f"Managed policy {name}",
        "Name": name,
        "DefaultTTL": default,
        "MaxTTL": maximum,
        "MinTTL": minimum,
        "ParametersInCacheKeyAndForwardedToOrigin": {
            "EnableAcceptEncodingGzip": compressed,
            "EnableAcceptEncodingBrotli": compressed,
            "HeadersConfig": {"HeaderBehavior": "none"},
            "CookiesConfig": {"CookieBehavior": "none"},
            "QueryStringsConfig": {"QueryStringBehavior": "none"},
        },
    }


def _request(name: str, headers: str, names: tuple[str, ...], others: str) -> dict[str, Any]:
    listed = {"Headers": {"Quantity": len(names), "Items": list(names)}} if names else {}
    return {
        "Comment": f"Managed policy {name}",
        "Name": name,
        "HeadersConfig": {"HeaderBehavior": headers, **listed},
        "CookiesConfig": {"CookieBehavior": others},
        "QueryStringsConfig": {"QueryStringBehavior": others},
    }


CACHE_POLICIES = {
    "4135ea2d-6df8-44a3-9df3-4b5a84be39ad": _cache("Managed-CachingDisabled", (0, 0, 0), compressed=False),
    "658327ea-f89d-4fab-a63d-7e88639e58f6": _cache("Managed-CachingOptimized", (1, 86400, 31536000), compressed=True),
}
_CORS = ("origin", "access-control-request-headers", "access-control-request-method")
ORIGIN_REQUEST_POLICIES = {
    "216adef6-5c7f-47e4-b989-5492eafa07d3": _request("Managed-AllViewer", "allViewer", (), "all"),
    "b689b0a8-53d0-40ab-baf2-68738e2966ac": _request(
        "Managed-AllViewerExceptHostHeader", "allExcept", ("host",), "all"
    ),
    "88a5eaf4-2fd4-4709-b370-b4c650ea3fcf": _request("Managed-CORS-S3Origin", "whitelist", _CORS, "none"),
    "acba4595-bd28-49b8-b9fe-13317c0390fa": _request(
        "Managed-UserAgentRefererHeaders", "whitelist", ("user-agent", "referer"), "none"
    ),
}
