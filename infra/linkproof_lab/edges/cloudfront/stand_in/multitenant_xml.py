"""`DistributionConfig` of a multi-tenant distribution from its inputs and back, by way of a distribution's, whose names differ."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from linkproof.providers.protocol.values import Properties

from linkproof_lab.edges.cloudfront.stand_in.distribution_xml import config_inputs, config_nodes
from linkproof_lab.vendors.aws.stand_in.xml import Node

# What such a distribution cannot have, and the real provider never sends.
_LEFT_OUT = frozenset({"Aliases", "PriceClass", "IsIPV6Enabled", "Logging"})
_LEFT_OUT_OF_BEHAVIOR = frozenset({"TrustedSigners", "SmoothStreaming"})


def multitenant_nodes(inputs: Properties, caller_reference: str) -> list[Node]:
    """The children of `DistributionConfig`."""
    nodes = [node for node in config_nodes(_as_distribution(inputs), caller_reference) if node[0] not in _LEFT_OUT]
    return [*map(_behavior_left, nodes), ("TenantConfig", []), ("ConnectionMode", "tenant-only")]


def multitenant_inputs(config: ET.Element) -> Properties:
    """The inputs that would make a `DistributionConfig`, defaults included."""
    held = config_inputs(config)
    behavior = held["defaultCacheBehavior"]
    return {
        "comment": held["comment"],
        "enabled": held["enabled"],
        "httpVersion": held["httpVersion"],
        "defaultRootObject": held["defaultRootObject"],
        "webAclId": held["webAclId"],
        "origins": [_origin(origin) for origin in held["origins"]],
        "customErrorResponses": [
            {**response, "responseCode": str(response["responseCode"] or "")}
            for response in held["customErrorResponses"]
        ],
        "defaultCacheBehavior": {
            **{name: value for name, value in behavior.items() if name not in ("allowedMethods", "cachedMethods")},
            "allowedMethods": {"items": behavior["allowedMethods"], "cachedMethods": behavior["cachedMethods"]},
        },
        "restrictions": {
            "geoRestriction": {
                "restrictionType": held["restrictions"]["geoRestriction"]["restrictionType"],
                "items": held["restrictions"]["geoRestriction"]["locations"],
            }
        },
        "viewerCertificate": held["viewerCertificate"],
        "tenantConfig": {},
    }


def _behavior_left(node: Node) -> Node:
    tag, value = node
    if tag != "DefaultCacheBehavior":
        return node
    return tag, [child for child in value if child is None or child[0] not in _LEFT_OUT_OF_BEHAVIOR]


def _as_distribution(inputs: Properties) -> Properties:
    behavior = inputs["defaultCacheBehavior"]
    methods = behavior["allowedMethods"]
    geo = (inputs.get("restrictions") or {}).get("geoRestriction") or {"restrictionType": "none"}
    return {
        **inputs,
        "origins": [_distribution_origin(origin) for origin in inputs["origins"]],
        "defaultCacheBehavior": {
            **behavior,
            "allowedMethods": methods["items"],
            "cachedMethods": methods["cachedMethods"],
        },
        "restrictions": {
            "geoRestriction": {"restrictionType": geo["restrictionType"], "locations": geo.get("items") or []}
        },
    }


def _distribution_origin(origin: Properties) -> Properties:
    headers = [{"name": one["headerName"], "value": one["headerValue"]} for one in origin.get("customHeaders") or []]
    custom: list[Any] = origin.get("customOriginConfigs") or []
    return {
        **origin,
        "originId": origin["id"],
        "customHeaders": headers,
        **({"customOriginConfig": custom[0]} if custom else {}),
    }


def _origin(origin: Properties) -> Properties:
    custom = origin.get("customOriginConfig")
    return {
        "id": origin["originId"],
        "domainName": origin["domainName"],
        "originPath": origin["originPath"],
        "connectionAttempts": origin["connectionAttempts"],
        "connectionTimeout": origin["connectionTimeout"],
        "customHeaders": [{"headerName": one["name"], "headerValue": one["value"]} for one in origin["customHeaders"]],
        "customOriginConfigs": [custom] if custom else [],
    }
