"""What CloudFront's edges serve now: the last deployed configuration of a distribution, as one plain dict."""

from __future__ import annotations

from typing import Any

from linkproof_lab.edges.cloudfront.control_plane.index import is_multitenant


def served_config(doc: dict[str, Any], now: float) -> dict[str, Any] | None:
    """The configuration that the edges have, or None while the first deployment is under way.

    Args:
        doc: a document of kind `cloudfront-distribution`.
        now: seconds since the epoch.

    Returns:
        `id`, `account`, `domain`, `aliases`, `enabled`, `certificate_arn`, `minimum_protocol_version`, `origin` (`domain`,
        `http_port`, `https_port`, `protocol_policy`, `ssl_protocols`, `custom_headers`), `viewer_protocol_policy`,
        `allowed_methods`, `cache_policy`, `origin_request_policy`, `error_caching` (pairs of a status and the seconds that it
        is kept at least), `ipv6`, `http_version`. Names in a policy are `none`,
        `all` (`allViewer` for headers), a list, or `{"all_except": [...]}`. Of a multi-tenant one `multitenant` too: it is served to its
        tenants' domains alone. Of a document of kind `cloudfront-tenant` it is `id`, `distribution_id`, `group_id`, `domains`,
        `certificate_arn` and `enabled`.
    """
    served: dict[str, Any] | None = doc["pending_config"] if now >= doc["deploys_at"] else doc["deployed_config"]
    return served


def status(doc: dict[str, Any], now: float) -> str:
    """`InProgress` until the newest configuration is everywhere, then `Deployed`."""
    return "Deployed" if now >= doc["deploys_at"] else "InProgress"


def plain_config(
    doc: dict[str, Any], cache_policy: dict[str, Any] | None, request_policy: dict[str, Any] | None
) -> dict[str, Any]:
    """What edges need of a distribution's configuration and its policies' documents (None where it names none)."""
    config = doc["config"]
    behavior = config["DefaultCacheBehavior"]
    origin = next(o for o in config["Origins"]["Items"] if o["Id"] == behavior["TargetOriginId"])
    certificate = config["ViewerCertificate"]
    return {
        "id": doc["id"],
        "account": doc["account"],
        "domain": doc["domain"],
        "aliases": [alias.lower() for alias in config["Aliases"].get("Items", [])],
        "enabled": config["Enabled"],
        "certificate_arn": certificate.get("ACMCertificateArn"),
        "minimum_protocol_version": certificate["MinimumProtocolVersion"],
        "origin": _origin(origin),
        "viewer_protocol_policy": behavior["ViewerProtocolPolicy"],
        "allowed_methods": behavior["AllowedMethods"]["Items"],
        "cache_policy": _cache_policy(cache_policy) if cache_policy else _legacy_cache_policy(behavior),
        "origin_request_policy": _request_policy(request_policy) if request_policy else None,
        "error_caching": [
            [response["ErrorCode"], response["ErrorCachingMinTTL"]]
            for response in config["CustomErrorResponses"].get("Items", [])
            if "ErrorCachingMinTTL" in response
        ],
        "ipv6": config["IsIPV6Enabled"],
        "http_version": config["HttpVersion"],
        **({"multitenant": True} if is_multitenant(config) else {}),
    }


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    custom = origin.get("CustomOriginConfig") or {}
    return {
        "domain": origin["DomainName"],
        "http_port": custom.get("HTTPPort", 80),
        "https_port": custom.get("HTTPSPort", 443),
        "protocol_policy": custom.get("OriginProtocolPolicy", "match-viewer"),
        "ssl_protocols": (custom.get("OriginSslProtocols") or {}).get("Items", ["TLSv1.2"]),
        "custom_headers": {h["HeaderName"]: h["HeaderValue"] for h in origin["CustomHeaders"].get("Items", [])},
    }


def _cache_policy(doc: dict[str, Any]) -> dict[str, Any]:
    config = doc["config"]
    key = config.get("ParametersInCacheKeyAndForwardedToOrigin") or {}
    headers = key.get("HeadersConfig", {})
    return {
        "id": doc["id"],
        "min_ttl": config["MinTTL"],
        "default_ttl": config.get("DefaultTTL", 86400),
        "max_ttl": config.get("MaxTTL", 31536000),
        "query_strings": _names(key.get("QueryStringsConfig"), "QueryStringBehavior", "QueryStrings"),
        "headers": headers.get("Headers", {}).get("Items", []) if headers.get("HeaderBehavior") == "whitelist" else [],
        "cookies": _names(key.get("CookiesConfig"), "CookieBehavior", "Cookies"),
    }


def _legacy_cache_policy(behavior: dict[str, Any]) -> dict[str, Any]:
    """A behaviour that still has ForwardedValues: what it forwards is its cache key."""
    forwarded = behavior["ForwardedValues"]
    query_keys = (forwarded.get("QueryStringCacheKeys") or {}).get("Items", [])
    cookies = forwarded["Cookies"]
    whitelisted = (cookies.get("WhitelistedNames") or {}).get("Items", [])
    return {
        "id": None,
        "min_ttl": behavior.get("MinTTL", 0),
        "default_ttl": behavior.get("DefaultTTL", 86400),
        "max_ttl": behavior.get("MaxTTL", 31536000),
        "query_strings": (query_keys or "all") if forwarded["QueryString"] else "none",
        "headers": (forwarded.get("Headers") or {}).get("Items", []),
        "cookies": whitelisted if cookies["Forward"] == "whitelist" else cookies["Forward"],
    }


def _request_policy(doc: dict[str, Any]) -> dict[str, Any]:
    config = doc["config"]
    return {
        "id": doc["id"],
        "headers": _names(config["HeadersConfig"], "HeaderBehavior", "Headers"),
        "query_strings": _names(config["QueryStringsConfig"], "QueryStringBehavior", "QueryStrings"),
        "cookies": _names(config["CookiesConfig"], "CookieBehavior", "Cookies"),
    }


def _names(config: dict[str, Any] | None, behavior_key: str, names_key: str) -> Any:
    if not config:
        return "none"
    behavior, names = config[behavior_key], (config.get(names_key) or {}).get("Items", [])
    if behavior == "whitelist":
        return names
    if behavior == "allExcept":
        return {"all_except": names}
    return "allViewer" if behavior == "allViewerAndWhitelistCloudFront" else behavior
