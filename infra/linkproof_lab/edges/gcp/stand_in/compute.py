"""gcp:compute: the parts of a load balancer. What the SDK has and this project does not use is refused."""

from __future__ import annotations

from typing import Any, Final

from linkproof.providers.protocol.schema import (
    FLAG,
    NUMBER,
    TEXT,
    TEXT_SET,
    TEXTS,
    Field,
    choice,
    list_of,
    obj,
    replacing,
    required,
    set_of,
    words,
)

from linkproof_lab.edges.gcp.control_plane.objects import path_of
from linkproof_lab.edges.gcp.stand_in.kind import Kind

# A link is written with its host or without, and means the same.
LINK = TEXT.but(fold=lambda link: path_of(link) or link)
_NAME = required(replacing(TEXT))
_DESCRIPTION = replacing(TEXT)
_SCHEME = replacing(
    choice("EXTERNAL", "EXTERNAL_MANAGED", "INTERNAL_MANAGED", "INTERNAL_SELF_MANAGED", default="EXTERNAL_MANAGED")
)
_RETRY = obj({"numRetries": NUMBER, "retryConditions": TEXTS}, elsewhere=("perTryTimeout",))
_ABORT = obj({"httpStatus": NUMBER, "percentage": NUMBER})
_ACTION = obj(
    {
        "faultInjectionPolicy": obj({"abort": _ABORT}, elsewhere=("delay",)),
        "retryPolicy": _RETRY,
        "urlRewrite": obj({"hostRewrite": TEXT}, elsewhere=("pathPrefixRewrite",)),
    },
    elsewhere=words(
        "cachePolicy corsPolicy dynamicCompressionPolicy imageOptimizationPolicy maxStreamDuration requestMirrorPolicy timeout "
        "weightedBackendServices"
    ),
)
_ADDED = obj({"headerName": required(TEXT), "headerValue": required(TEXT), "replace": required(FLAG)})
_HEADERS = obj(
    {"requestHeadersToAdds": list_of(_ADDED), "requestHeadersToRemoves": TEXTS},
    elsewhere=words("responseHeadersToAdds responseHeadersToRemoves"),
)
_MATCHER = obj(
    {
        "name": required(TEXT),
        "description": TEXT,
        "defaultService": LINK,
        "defaultRouteAction": _ACTION,
        "headerAction": _HEADERS,
    },
    elsewhere=words("defaultCustomErrorResponsePolicy defaultUrlRedirect pathRules routeRules"),
)
_HOST_RULE = obj({"hosts": required(TEXT_SET), "pathMatcher": required(TEXT)}, elsewhere=words("description name"))
_BACKEND = obj(
    {"group": required(LINK)},
    elsewhere=words(
        "balancingMode capacityScaler customMetrics description maxConnections maxConnectionsPerEndpoint maxConnectionsPerInstance "
        "maxInFlightRequests maxInFlightRequestsPerEndpoint maxInFlightRequestsPerInstance maxRate maxRatePerEndpoint maxRatePerInstance "
        "maxUtilization preference trafficDuration"
    ),
)
_LOG = obj({"enable": FLAG}, elsewhere=words("optionalFields optionalMode requestHeaders responseHeaders sampleRate"))


def _module(name: str) -> str:
    """As the SDK calls it: `uRLMap` too."""
    return name[0].lower() + name[1:]


def _only(*names: str) -> Any:
    return lambda held: {name: held[name] for name in names if name in held}


def _kind(name: str, collection: str, fields: dict[str, Field], elsewhere: str, *outputs: str) -> Kind:
    """Args:
    elsewhere: of the SDK, what this does not serve, beside what no type of these does.
    """
    schema = obj(
        {"name": _NAME, "description": _DESCRIPTION, **fields}, elsewhere=words(f"deletionPolicy project {elsewhere}")
    )
    return Kind(
        f"gcp:compute/{_module(name)}:{name}",
        "compute",
        f"global/{collection}",
        schema,
        ("id", "project", "selfLink", *outputs),
        _only(*outputs),
    )


KINDS: Final = (
    _kind(
        "GlobalAddress",
        "addresses",
        {
            "addressType": replacing(choice("EXTERNAL", "INTERNAL", default="EXTERNAL")),
            "ipVersion": replacing(choice("IPV4", "IPV6", default="IPV4")),
        },
        "address labels network prefixLength purpose",
        "address",
    ),
    _kind(
        "GlobalNetworkEndpointGroup",
        "networkEndpointGroups",
        {
            "networkEndpointType": required(replacing(choice("INTERNET_IP_PORT", "INTERNET_FQDN_PORT"))),
            "defaultPort": replacing(NUMBER),
        },
        "",
    ),
    _kind(
        "BackendService",
        "backendServices",
        {
            "description": TEXT,
            "loadBalancingScheme": _SCHEME,
            "protocol": choice("HTTP", "HTTPS", "HTTP2", default="HTTP"),
            "timeoutSec": NUMBER.but(default=30),
            "enableCdn": FLAG.but(default=False),
            "compressionMode": choice("AUTOMATIC", "DISABLED"),
            "customRequestHeaders": TEXT_SET,
            "backends": set_of(_BACKEND),
            "logConfig": _LOG,
        },
        "affinityCookieTtlSec cdnPolicy circuitBreakers connectionDrainingTimeoutSec consistentHash customMetrics customResponseHeaders "
        "dynamicForwarding edgeSecurityPolicy externalManagedMigrationState externalManagedMigrationTestingPercentage healthChecks iap "
        "ipAddressSelectionPolicy localityLbPolicies localityLbPolicy maxStreamDuration networkPassThroughLbTrafficPolicy outlierDetection "
        "params portName securityPolicy securitySettings serviceLbPolicy sessionAffinity strongSessionAffinityCookie tlsSettings",
    ),
    _kind(
        "URLMap",
        "urlMaps",
        {
            "description": TEXT,
            "defaultService": LINK,
            "defaultRouteAction": _ACTION,
            "hostRules": set_of(_HOST_RULE),
            "pathMatchers": list_of(_MATCHER),
        },
        "defaultCustomErrorResponsePolicy defaultUrlRedirect headerAction tests",
    ),
    _kind(
        "TargetHttpsProxy",
        "targetHttpsProxies",
        {
            "urlMap": required(LINK),
            "certificateMap": LINK,
            "tlsEarlyData": choice("STRICT", "PERMISSIVE", "UNRESTRICTED", "DISABLED"),
        },
        "certificateManagerCertificates httpKeepAliveTimeoutSec proxyBind quicOverride serverTlsPolicy sslCertificates sslPolicy",
    ),
    _kind(
        "TargetHttpProxy",
        "targetHttpProxies",
        {"urlMap": required(LINK)},
        "httpKeepAliveTimeoutSec proxyBind",
    ),
    _kind(
        "GlobalForwardingRule",
        "forwardingRules",
        {
            "loadBalancingScheme": _SCHEME,
            "networkTier": replacing(choice("PREMIUM", "STANDARD", default="PREMIUM")),
            "ipProtocol": replacing(choice("TCP", "UDP", "ESP", "AH", "SCTP", "ICMP", default="TCP")),
            "ipAddress": replacing(TEXT),
            "portRange": replacing(TEXT.but(fold=lambda ports: ports.partition("-")[0])),
            "target": required(LINK),
        },
        "allowPscGlobalAccess externalManagedBackendBucketMigrationState externalManagedBackendBucketMigrationTestingPercentage ipVersion labels "
        "metadataFilters network noAutomateDnsZone serviceDirectoryRegistrations sourceIpRanges subnetwork",
    ),
)
