"""`DistributionConfig` from inputs and back (docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html)."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.values import Properties

from linkproof_lab.vendors.aws.stand_in.xml import Node, flag, items, number, text, texts

_NONE: list[Node] = [("Quantity", 0)]
_NOBODY: list[Node] = [("Enabled", False), ("Quantity", 0)]


def config_nodes(inputs: Properties, caller_reference: str) -> list[Node]:
    """The children of `DistributionConfig`, all of them, in the vendor's order: an update replaces the whole."""
    geo = inputs["restrictions"]["geoRestriction"]
    behaviors = [("CacheBehavior", _behavior_nodes(behavior)) for behavior in inputs.get("orderedCacheBehaviors") or []]
    errors = [("CustomErrorResponse", _error_nodes(response)) for response in inputs.get("customErrorResponses") or []]
    return [
        ("CallerReference", caller_reference),
        ("Aliases", items("CNAME", inputs.get("aliases") or [])),
        ("DefaultRootObject", inputs.get("defaultRootObject", "")),
        ("Origins", items("Origin", [_origin_nodes(origin) for origin in inputs["origins"]])),
        ("OriginGroups", _NONE),
        ("DefaultCacheBehavior", _behavior_nodes(inputs["defaultCacheBehavior"])),
        ("CacheBehaviors", [("Quantity", len(behaviors)), *([("Items", behaviors)] if behaviors else [])]),
        ("CustomErrorResponses", [("Quantity", len(errors)), *([("Items", errors)] if errors else [])]),
        ("Comment", inputs.get("comment", "")),
        ("Logging", [("Enabled", False), ("IncludeCookies", False), ("Bucket", ""), ("Prefix", "")]),
        ("PriceClass", inputs.get("priceClass", "PriceClass_All")),
        ("Enabled", inputs["enabled"]),
        ("ViewerCertificate", _certificate_nodes(inputs["viewerCertificate"])),
        (
            "Restrictions",
            [
                (
                    "GeoRestriction",
                    [("RestrictionType", geo["restrictionType"]), *items("Location", geo.get("locations") or [])],
                )
            ],
        ),
        ("WebACLId", inputs.get("webAclId", "")),
        ("HttpVersion", inputs.get("httpVersion", "http2")),
        ("IsIPV6Enabled", inputs.get("isIpv6Enabled", False)),
    ]


def config_inputs(config: ET.Element) -> Properties:
    """The inputs that would make a `DistributionConfig`, defaults included."""
    return {
        "enabled": flag(config, "Enabled"),
        "aliases": texts(config, "Aliases/Items/CNAME"),
        "comment": text(config, "Comment"),
        "defaultRootObject": text(config, "DefaultRootObject"),
        "origins": [_origin(origin) for origin in config.findall("Origins/Items/Origin")],
        "customErrorResponses": [
            _error(response) for response in config.findall("CustomErrorResponses/Items/CustomErrorResponse")
        ],
        "defaultCacheBehavior": _behavior(config.find("DefaultCacheBehavior")),
        "orderedCacheBehaviors": [
            {"pathPattern": text(found, "PathPattern"), **_behavior(found)}
            for found in config.findall("CacheBehaviors/Items/CacheBehavior")
        ],
        "restrictions": {
            "geoRestriction": {
                "restrictionType": text(config, "Restrictions/GeoRestriction/RestrictionType", "none"),
                "locations": texts(config, "Restrictions/GeoRestriction/Items/Location"),
            }
        },
        "viewerCertificate": _certificate(config.find("ViewerCertificate")),
        "httpVersion": text(config, "HttpVersion", "http2").lower(),
        "isIpv6Enabled": flag(config, "IsIPV6Enabled"),
        "priceClass": text(config, "PriceClass", "PriceClass_All"),
        "webAclId": text(config, "WebACLId"),
    }


def _origin_nodes(origin: Properties) -> list[Node | None]:
    custom = origin.get("customOriginConfig") or {}
    headers = [[("HeaderName", h["name"]), ("HeaderValue", h["value"])] for h in origin.get("customHeaders") or []]
    return [
        ("Id", origin["originId"]),
        ("DomainName", origin["domainName"]),
        ("OriginPath", origin.get("originPath", "")),
        ("CustomHeaders", items("OriginCustomHeader", headers)),
        (
            "CustomOriginConfig",
            [
                ("HTTPPort", custom["httpPort"]),
                ("HTTPSPort", custom["httpsPort"]),
                ("OriginProtocolPolicy", custom["originProtocolPolicy"]),
                ("OriginSslProtocols", items("SslProtocol", custom["originSslProtocols"])),
                ("OriginReadTimeout", custom.get("originReadTimeout", 30)),
                ("OriginKeepaliveTimeout", custom.get("originKeepaliveTimeout", 5)),
            ],
        )
        if custom
        else None,
        ("ConnectionAttempts", origin.get("connectionAttempts", 3)),
        ("ConnectionTimeout", origin.get("connectionTimeout", 10)),
        ("OriginShield", [("Enabled", False)]),
        ("OriginAccessControlId", ""),
    ]


def _origin(found: ET.Element) -> Properties:
    origin: Properties = {
        "originId": text(found, "Id"),
        "domainName": text(found, "DomainName"),
        "originPath": text(found, "OriginPath"),
        "connectionAttempts": number(found, "ConnectionAttempts", 3),
        "connectionTimeout": number(found, "ConnectionTimeout", 10),
        "customHeaders": [
            {"name": text(header, "HeaderName"), "value": text(header, "HeaderValue")}
            for header in found.findall("CustomHeaders/Items/OriginCustomHeader")
        ],
    }
    custom = found.find("CustomOriginConfig")
    if custom is not None:
        origin["customOriginConfig"] = {
            "httpPort": number(custom, "HTTPPort", 80),
            "httpsPort": number(custom, "HTTPSPort", 443),
            "originProtocolPolicy": text(custom, "OriginProtocolPolicy"),
            "originSslProtocols": texts(custom, "OriginSslProtocols/Items/SslProtocol"),
            "originReadTimeout": number(custom, "OriginReadTimeout", 30),
            "originKeepaliveTimeout": number(custom, "OriginKeepaliveTimeout", 5),
        }
    return origin


def _behavior_nodes(behavior: Properties) -> list[Node | None]:
    methods: list[Node] = [
        *items("Method", behavior["allowedMethods"]),
        ("CachedMethods", items("Method", behavior["cachedMethods"])),
    ]
    optional = {"OriginRequestPolicyId": "originRequestPolicyId", "ResponseHeadersPolicyId": "responseHeadersPolicyId"}
    return [
        ("PathPattern", behavior["pathPattern"]) if "pathPattern" in behavior else None,
        ("TargetOriginId", behavior["targetOriginId"]),
        ("TrustedSigners", _NOBODY),
        ("TrustedKeyGroups", _NOBODY),
        ("ViewerProtocolPolicy", behavior["viewerProtocolPolicy"]),
        ("AllowedMethods", methods),
        ("SmoothStreaming", False),
        ("Compress", behavior.get("compress", False)),
        ("LambdaFunctionAssociations", _NONE),
        ("FunctionAssociations", _NONE),
        ("FieldLevelEncryptionId", ""),
        ("CachePolicyId", behavior["cachePolicyId"]),
        *((tag, behavior[name]) if behavior.get(name) else None for tag, name in optional.items()),
    ]


def _behavior(found: ET.Element | None) -> Properties:
    return {
        "targetOriginId": text(found, "TargetOriginId"),
        "viewerProtocolPolicy": text(found, "ViewerProtocolPolicy"),
        "allowedMethods": texts(found, "AllowedMethods/Items/Method"),
        "cachedMethods": texts(found, "AllowedMethods/CachedMethods/Items/Method"),
        "compress": flag(found, "Compress"),
        "cachePolicyId": text(found, "CachePolicyId"),
        "originRequestPolicyId": text(found, "OriginRequestPolicyId"),
        "responseHeadersPolicyId": text(found, "ResponseHeadersPolicyId"),
    }


def _error_nodes(response: Properties) -> list[Node | None]:
    """As the real provider writes it: what is not given is empty, and a missing minimum is 0."""
    return [
        ("ErrorCode", response["errorCode"]),
        ("ResponsePagePath", response.get("responsePagePath", "")),
        ("ResponseCode", str(response.get("responseCode") or "")),
        ("ErrorCachingMinTTL", response.get("errorCachingMinTtl", 0)),
    ]


def _error(found: ET.Element) -> Properties:
    return {
        "errorCode": number(found, "ErrorCode"),
        "errorCachingMinTtl": number(found, "ErrorCachingMinTTL"),
        "responsePagePath": text(found, "ResponsePagePath"),
        "responseCode": int(text(found, "ResponseCode") or 0),
    }


def _certificate_nodes(certificate: Properties) -> list[Node | None]:
    arn = certificate.get("acmCertificateArn")
    if not arn:
        return [("CloudFrontDefaultCertificate", True), ("MinimumProtocolVersion", "TLSv1")]
    return [
        ("CloudFrontDefaultCertificate", False),
        ("ACMCertificateArn", arn),
        ("SSLSupportMethod", certificate.get("sslSupportMethod", "sni-only")),
        ("MinimumProtocolVersion", certificate.get("minimumProtocolVersion", "TLSv1")),
    ]


def _certificate(found: ET.Element | None) -> Properties:
    certificate: Properties = {
        "acmCertificateArn": text(found, "ACMCertificateArn"),
        "cloudfrontDefaultCertificate": flag(found, "CloudFrontDefaultCertificate"),
        "minimumProtocolVersion": text(found, "MinimumProtocolVersion", "TLSv1"),
    }
    method: Any = text(found, "SSLSupportMethod")
    return {**certificate, "sslSupportMethod": method} if method and certificate["acmCertificateArn"] else certificate


def disabled(config: ET.Element, namespace: str) -> bytes:
    """The same `DistributionConfig` as a document of its own, but not enabled."""
    copy = ET.fromstring(ET.tostring(config))  # noqa: S314 - our own text
    switch = copy.find("Enabled")
    if switch is not None:
        switch.text = "false"
    copy.set("xmlns", namespace)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(copy)
