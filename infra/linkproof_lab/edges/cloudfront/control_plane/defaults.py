"""The members that CloudFront fills in when a configuration leaves them out."""

from __future__ import annotations

from typing import Any

from linkproof_lab.edges.cloudfront.control_plane.index import is_multitenant

_NONE = {"Quantity": 0}
_BEHAVIOR: dict[str, Any] = {
    "TrustedSigners": {"Enabled": False, "Quantity": 0},
    "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
    "SmoothStreaming": False,
    "Compress": False,
    "LambdaFunctionAssociations": _NONE,
    "FunctionAssociations": _NONE,
    "FieldLevelEncryptionId": "",
    "GrpcConfig": {"Enabled": False},
}
_METHODS = {"Quantity": 2, "Items": ["HEAD", "GET"]}
_ORIGIN: dict[str, Any] = {
    "OriginPath": "",
    "CustomHeaders": _NONE,
    "ConnectionAttempts": 3,
    "ConnectionTimeout": 10,
    "OriginShield": {"Enabled": False},
    "OriginAccessControlId": "",
}
_CUSTOM_ORIGIN: dict[str, Any] = {
    "OriginSslProtocols": {"Quantity": 3, "Items": ["TLSv1", "TLSv1.1", "TLSv1.2"]},
    "OriginReadTimeout": 30,
    "OriginKeepaliveTimeout": 5,
    "IpAddressType": "ipv4",
}
_DISTRIBUTION: dict[str, Any] = {
    "Aliases": _NONE,
    "DefaultRootObject": "",
    "OriginGroups": _NONE,
    "CacheBehaviors": _NONE,
    "CustomErrorResponses": _NONE,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "WebACLId": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": True,
    "ContinuousDeploymentPolicyId": "",
    "Staging": False,
}


# What the API shows of them (aws-cli, examples/cloudfront/list-distributions-by-connection-mode).
_MULTITENANT: dict[str, Any] = {"PriceClass": "None", "IsIPV6Enabled": False}


def with_defaults(config: dict[str, Any]) -> dict[str, Any]:
    """A complete configuration; nothing that the caller gave is changed, but for the forms of the viewer certificate."""
    full = {**_DISTRIBUTION, **(_MULTITENANT if is_multitenant(config) else {}), **config}
    full["Origins"] = {**config["Origins"], "Items": [_origin(origin) for origin in config["Origins"]["Items"]]}
    full["DefaultCacheBehavior"] = _behavior(config["DefaultCacheBehavior"])
    if full["CacheBehaviors"].get("Items"):
        behaviors = [_behavior(behavior) for behavior in full["CacheBehaviors"]["Items"]]
        full["CacheBehaviors"] = {**full["CacheBehaviors"], "Items": behaviors}
    full["ViewerCertificate"] = _viewer_certificate(config.get("ViewerCertificate") or {})
    if is_multitenant(config):
        full["ViewerCertificate"]["SSLSupportMethod"] = "sni-only"
    return full


def _origin(origin: dict[str, Any]) -> dict[str, Any]:
    full = {**_ORIGIN, **origin}
    if "CustomOriginConfig" in origin:
        full["CustomOriginConfig"] = {**_CUSTOM_ORIGIN, **origin["CustomOriginConfig"]}
    return full


def _behavior(behavior: dict[str, Any]) -> dict[str, Any]:
    full = {**_BEHAVIOR, **behavior}
    methods = behavior.get("AllowedMethods") or _METHODS
    full["AllowedMethods"] = {**methods, "CachedMethods": methods.get("CachedMethods") or _METHODS}
    return full


def _viewer_certificate(given: dict[str, Any]) -> dict[str, Any]:
    arn, iam = given.get("ACMCertificateArn"), given.get("IAMCertificateId")
    if not arn and not iam:
        return {
            "CloudFrontDefaultCertificate": True,
            "SSLSupportMethod": "vip",
            "MinimumProtocolVersion": "TLSv1",
            "CertificateSource": "cloudfront",
        }
    source = (
        {"Certificate": arn, "CertificateSource": "acm"} if arn else {"Certificate": iam, "CertificateSource": "iam"}
    )
    return {"CloudFrontDefaultCertificate": False, "MinimumProtocolVersion": "TLSv1", **given, **source}
